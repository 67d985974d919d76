#!/usr/bin/env bash
# Writes the bytes that AssemblerTest expects: every instruction of its cases through GNU as (binutils 2.40 wrote the file in
# the repository). Needs a build before it, as, objcopy and objdump; building and testing needs none of it.
#
# {imm32} asks for an immediate of 32 bits, where as would choose a shorter form: such lines go through as with a symbol
# that it knows nothing about yet. RAX has a form of its own there, which is not ours: it takes the bytes of RCX with the
# register's number changed, and objdump has to read them back.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. ./tools/find-jdk.sh
JAVA_HOME=$(find_jdk) || exit 2
out=encoder4j-core/src/test/resources/io/encoder4j/kernel/x86/assembler/x86-bytes.txt
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

"$JAVA_HOME/bin/java" -cp encoder4j-core/target/classes:encoder4j-core/target/test-classes \
    io.encoder4j.kernel.x86.assembler.AssemblerCases > "$work/texts"

# Each instruction begins at a multiple of 32 bytes, so that the bytes can be told apart; what fills up is never looked at.
{
    echo '.intel_syntax noprefix'
    n=0
    while IFS= read -r text; do
        n=$((n + 1))
        line=$text
        if [[ $text == '{imm32} '* ]]; then
            line=${text#'{imm32} '}
            value=${line##*, }
            line="${line%, *}, offset value$n"
            line=${line/ rax,/ rcx,}
            echo "$line" ; echo "end$n:"; echo ".set value$n, $value"
        else
            echo "$line"; echo "end$n:"
        fi
        echo '.balign 32'
    done < "$work/texts"
    echo '.section lengths,"a"'
    for ((i = 1; i <= n; i++)); do echo ".byte end$i - .text - $(((i - 1) * 32))"; done
} > "$work/all.s"
as --64 -o "$work/all.o" "$work/all.s"
objcopy -O binary -j .text "$work/all.o" "$work/text.bin"
objcopy -O binary -j lengths "$work/all.o" "$work/lengths.bin"
mkdir -p "$(dirname "$out")"
xxd -p -c 32 "$work/text.bin" > "$work/hex"
xxd -p -c 1 "$work/lengths.bin" > "$work/lengths"
paste -d'|' "$work/texts" "$work/hex" "$work/lengths" | while IFS='|' read -r text hex length; do
    bytes=${hex:0:$((2 * 16#$length))}
    if [[ $text == '{imm32} '*' rax,'* ]]; then
        # ModRM of RCX to that of RAX.
        modrm=$(printf %02x $((16#${bytes:4:2} - 1)))
        bytes=${bytes:0:4}$modrm${bytes:6}
        printf "$(sed 's/../\\x&/g' <<< "$bytes")" > "$work/one.bin"
        read -r name operands < <(objdump -D -b binary -m i386:x86-64 -M intel "$work/one.bin" | awk -F'\t' '/^ +0:/ {print $3}')
        wanted=${text#'{imm32} '}
        [[ $name == "${wanted%% *}" && $operands == rax,* && $((${operands#rax,})) == $((${wanted##*, })) ]] ||
            { echo "objdump reads $bytes as $name $operands, not $wanted" >&2; exit 1; }
    fi
    echo "$text | $bytes"
done > "$out"
wc -l "$out"
