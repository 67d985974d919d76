#!/usr/bin/env bash
# Writes the bytes that Arm64AssemblerTest expects: every instruction of its cases through GNU as for AArch64 (binutils 2.40 wrote the
# file in the repository; Debian's package is binutils-aarch64-linux-gnu). Needs a build before it; building and testing needs none of
# it. Every instruction has four bytes, so those of line n begin at 4 (n - 1).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. ./tools/find-jdk.sh
JAVA_HOME=$(find_jdk) || exit 2
out=encoder4j-core/src/test/resources/io/encoder4j/kernel/arm64/assembler/arm64-bytes.txt
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

"$JAVA_HOME/bin/java" -cp encoder4j-core/target/classes:encoder4j-core/target/test-classes \
    io.encoder4j.kernel.arm64.assembler.Arm64AssemblerCases > "$work/all.s"
aarch64-linux-gnu-as -o "$work/all.o" "$work/all.s"
aarch64-linux-gnu-objcopy -O binary -j .text "$work/all.o" "$work/text.bin"
mkdir -p "$(dirname "$out")"
xxd -p -c 4 "$work/text.bin" > "$work/hex"
paste -d'|' "$work/all.s" "$work/hex" | sed 's/|/ | /' > "$out"
[ "$(wc -l < "$work/all.s")" = "$(wc -l < "$work/hex")" ] || { echo "an instruction that has not four bytes" >&2; exit 1; }
wc -l "$out"
