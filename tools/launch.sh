# Sourced by ./encoder4j and by bin/encoder4j of the distribution: what both decide before they start Java. Of the shell it needs what
# dash, BusyBox and bash 3.2 have.

# Without a UTF-8 locale the JVM would turn "é" in an argument into something else, and nobody would notice.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *UTF-8* | *utf-8* | *UTF8* | *utf8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
esac

# find_modules: the incubator module, where the kernels may be the Vector API's. Not on Linux with AVX2, where they are machine
# code unless somebody asks for others: without the module the JVM starts sooner and has nothing to warn of.
find_modules() {
    local line
    modules='--add-modules jdk.incubator.vector'
    case "$java_opts $*" in *kernels* | *encoder4j.x86*) return ;; esac
    [ -r /proc/cpuinfo ] || return 0
    while read -r line; do
        case $line in
            flags*' avx2'*) modules=; return ;;
            flags*) return ;;
        esac
    done </proc/cpuinfo
    return 0
}

# brief: whether a command with these arguments ends before the optimising compiler has paid for itself: a few words and the
# default model. Anything unusual is not brief, and loses nothing.
brief() {
    local all="$*" argument
    case ${1:-} in embed | similarity | tokenize) ;; *) return 1 ;; esac
    [ ${#all} -le 1000 ] || return 1
    for argument in "$@"; do
        case $argument in -i* | --i* | -m* | --m*) return 1 ;; esac
    done
}

# find_flags: flags for every start. Warnings of the JVM go to standard error, so that standard output has results only; that an archive
# of classes does not fit is none. The serial collector starts fastest, and there is little to collect; a small heap, which grows where
# it must, is collected in the cache, where a large one would be filled page by page.
find_flags() {
    local collector=-XX:+UseSerialGC heap=-Xms32m
    case $java_opts in *GC*) collector= ;; esac
    case $java_opts in *-Xm[nsx]* | *Heap* | *RAM*) heap= ;; esac
    flags="--enable-native-access=ALL-UNNAMED $collector $heap -Xlog:disable -Xlog:all=warning,cds*=off,aot*=off:stderr"
}

# train_server COMMAND…: a server at any free port that sends itself two requests and ends. What the user has set for servers is not
# for this one.
train_server() (
    unset MODEL_ID HOST PORT API_KEY INSECURE TLS_CERT TLS_KEY MAX_BATCH_TOKENS MAX_INPUT_LENGTH MAX_CONCURRENT_REQUESTS \
        MAX_CLIENT_BATCH_SIZE PAYLOAD_LIMIT THREADS DTYPE
    java_opts=-Dencoder4j.training=true ENCODER4J_JAVA_OPTS=-Dencoder4j.training=true
    export ENCODER4J_JAVA_OPTS
    "$@" serve --port 0
)
