#!/usr/bin/env bash
# make.sh VERSION: makes target/encoder4j-VERSION, a directory that runs without a JDK, and a tar.gz of it. Maven calls it
# with JAVA_HOME when the jars lie in the directory's lib.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
version=$1
name=encoder4j-$version
made=target/$name

# What the jars use, and what they find by name: memory and threads for metrics.
modules=java.base,java.logging,java.management,java.naming,java.net.http,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported
rm -rf "$made/runtime" "$made/share" "target/$name.tar.gz"
# libjsvml has vectors' exp and sin, which our kernels do not call; classlist is for an archive that nobody makes; libjsig and jexec
# are for other launchers.
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress zip-9 \
    --exclude-files '**/libjsvml.so,**/jrt-fs.jar,**/classlist,**/libjsig.so,**/jexec' \
    --output "$made/runtime" 2>&1 | grep -v 'Using incubator modules' || true
[ -x "$made/runtime/bin/java" ] || { echo "make.sh: jlink made no runtime in $made/runtime" >&2; exit 1; }

# The JVM's symbols are 5 MB that only a debugger reads.
if command -v strip >/dev/null; then
    strip "$made/runtime/lib/server/libjvm.so"
else
    echo "make.sh: there is no strip (apt-get install binutils): the directory is 5 MB larger" >&2
fi

mkdir -p "$made/bin" "$made/deploy"
cp src/bin/encoder4j "$made/bin/"
cp ../tools/launch.sh "$made/lib/"
cp src/deploy/* "$made/deploy/"
cp ../LICENSE "$made/"

# The archive of classes: one run of each of the two uses, an answer on the command line being the one that must start fast. The JVM
# checks the jars' times, which tar keeps.
find "$made/lib" -name '*.jar' -exec touch -d '2026-01-01T00:00:00Z' {} +
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
ENCODER4J_CACHE=$cache ENCODER4J_ARCHIVE=-XX:AOTCacheOutput=$PWD/$made/lib/classes.aot \
    "$made/bin/encoder4j" embed "Hello, world: the 1st naïve 文 text!" >"$cache/log" 2>&1 || { cat "$cache/log" >&2; exit 1; }

# Manual pages and completion, where man and bash-completion look for what belongs to a bin folder of the PATH.
mkdir -p "$made/share/bash-completion/completions"
"$made/bin/encoder4j" man --output "$made/share/man/man1"
gzip -9n "$made"/share/man/man1/*.1
"$made/bin/encoder4j" completion >"$made/share/bash-completion/completions/encoder4j"
tar -C target -czf "target/$name.tar.gz" "$name"
