#!/bin/bash
# kernel.sh IMAGE_OF DIRECTORY: the kernel of system.sh as DIRECTORY/image/vmlinux, and an initrd that mounts the guest's disk
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../../lvs/image/settings
. "$1/settings"
cd "$2"

mkdir kernel image
dpkg-deb -x deb/*.deb kernel
version=$(basename kernel/lib/modules/*)
depmod -b kernel "$version"
echo "$version" > version

# Uncompressed, since a bzImage takes 3 s and more to unpack itself under emulation, and the ELF file carries the PVH note by which QEMU
# starts it. Debian's are XZ, or LZ4 in the legacy frame; both programs complain of what comes after it.
# unpack BYTES COMMAND...: what begins with these bytes
unpack() {
  local offset
  offset=$(LC_ALL=C grep -obUaP "$1" "kernel/boot/vmlinuz-$version" | awk -F : 'NR == 1 { print $1 }') || return 0
  shift
  tail -c "+$((offset + 1))" "kernel/boot/vmlinuz-$version" | "$@" > image/vmlinux 2> /dev/null || true
}
is_kernel() { [ "$(head -c 4 image/vmlinux 2> /dev/null | tail -c 3)" = ELF ]; }
unpack '\xfd7zXZ\x00' xz -dc
is_kernel || unpack '\x02\x21\x4c\x18' lz4 -dc
is_kernel || { echo "no ELF kernel in $version" >&2 && exit 1; }

mkdir -p initrd/{bin,dev,proc,sys,modules,newroot}
cp "$(command -v busybox)" initrd/bin/busybox
install -m 755 "$HERE/initrd-init" initrd/init
# Each after those that it needs; some are part of the kernel itself.
for module in "${MODULES[@]}"; do modprobe -d "$PWD/kernel" -S "$version" --show-depends "$module"; done |
  sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' > modules
while read -r module; do
  cp "$module" initrd/modules/
  basename "$module" >> initrd/modules/order
done < modules
(cd initrd && find . | LC_ALL=C sort | cpio --quiet -o -H newc) > image/initrd.img
