#!/bin/sh
# Rebuilds tick.elf.b64 from tick.c. Needs gcc with -m32 code generation; no C library is used.
set -eu
cd "$(dirname "$0")"
elf=$(mktemp)
trap 'rm -f "$elf"' EXIT
gcc -m32 -Os -ffreestanding -fno-pic -fno-stack-protector -nostdlib -static \
  -Wl,--build-id=none -Wl,-n -Wl,-T,tick.ld -Wl,-m,elf_i386 -s tick.c -o "$elf"
base64 -w 76 "$elf" > tick.elf.b64
echo "tick.elf: $(wc -c < "$elf") bytes"
