#!/bin/bash
# kernel.sh DIRECTORY: the kernel of system.sh unpacked, its modules, and an initrd that loads virtio, into the directory
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
cd "$1"

mkdir kernel
dpkg-deb -x deb/*.deb kernel
version=$(basename kernel/lib/modules/*)
depmod -b kernel "$version"
echo "$version" > version

# Uncompressed, since a bzImage takes 3 s to unpack itself under emulation, and the ELF file carries the PVH note by which QEMU
# starts it. Debian's is LZ4 in the legacy frame; lz4 complains of what comes after it.
image=kernel/boot/vmlinuz-$version
offset=$(LC_ALL=C grep -obUaP '\x02\x21\x4c\x18' "$image" | head -n 1 | cut -d : -f 1)
tail -c "+$((offset + 1))" "$image" | lz4 -dc > vmlinux 2> /dev/null || true
[ "$(head -c 4 vmlinux | tail -c 3)" = ELF ] || { echo "no ELF kernel in $image" >&2 && exit 1; }

modules=kernel/lib/modules/$version/kernel
mkdir -p initrd/{bin,dev,proc,sys,modules,newroot}
cp "$(command -v busybox)" initrd/bin/busybox
install -m 755 "$HERE/initrd-init" initrd/init
for module in drivers/virtio/{virtio_ring,virtio,virtio_pci_modern_dev,virtio_pci_legacy_dev,virtio_pci}.ko \
  drivers/block/virtio_blk.ko net/core/failover.ko drivers/net/net_failover.ko drivers/net/virtio_net.ko; do
  cp "$modules/$module" initrd/modules/
done
(cd initrd && find . | LC_ALL=C sort | cpio --quiet -o -H newc) > initrd.img
