# Sourced by ./build and ./encoder4j. find_jdk prints the home of a JDK 25.0.3 or later, or says plainly what is missing.
# Earlier builds of 25 can corrupt pinned heap arrays under G1 (JDK-8377811), so they are refused.

# jdk_version HOME: prints "25.0.3" from HOME/release, or nothing when HOME is no JDK. No process is started for it: this is
# part of every start of the command line.
jdk_version() {
    local line
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            'JAVA_VERSION="'*)
                line=${line#*\"}
                echo "${line%%[!0-9.]*}"
                return 0
                ;;
        esac
    done <"$1/release"
}

# new_enough VERSION: true for 25.0.3 and later.
new_enough() {
    local major minor patch
    IFS=. read -r major minor patch _ <<<"$1"
    [ -n "$major" ] || return 1
    [ "$major" -gt 25 ] && return 0
    [ "$major" -eq 25 ] || return 1
    [ "${minor:-0}" -gt 0 ] && return 0
    [ "${patch:-0}" -ge 3 ]
}

find_jdk() {
    local home version on_path="" seen=""
    if [ -n "${JAVA_HOME:-}" ]; then
        version=$(jdk_version "$JAVA_HOME")
        if new_enough "$version"; then echo "$JAVA_HOME"; return 0; fi
    fi
    on_path=$(command -v javac 2>/dev/null || true)
    [ -z "$on_path" ] || on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/javac}
    for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
            "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
            /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        [ -n "$home" ] || continue
        version=$(jdk_version "$home")
        [ -n "$version" ] || continue
        if new_enough "$version"; then echo "$home"; return 0; fi
        case " $seen " in *" $version "*) ;; *) seen="$seen $version" ;; esac
    done
    echo "encoder4j needs JDK 25.0.3 or later; found:${seen:- none}. Install one (for example Temurin 25) or set JAVA_HOME." >&2
    return 1
}
