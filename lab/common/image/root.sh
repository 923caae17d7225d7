#!/bin/bash
# root.sh IMAGE_OF DIRECTORY: the system of system.sh with the modules of kernel.sh, trimmed to boot in seconds, as DIRECTORY/image/root.ext4
set -euo pipefail
IMAGE_OF=$1
# shellcheck source=../../lvs/image/settings
. "$IMAGE_OF/settings"
umask 022
cd "$2"
version=$(cat version)

root=$PWD/root
mkdir root
tar -C root --numeric-owner -xpf root.tar
mkdir -p root/usr/lib/modules
cp -a "kernel/lib/modules/$version" root/usr/lib/modules/
# what the guest cannot use: 90 MB and more
(cd "root/usr/lib/modules/$version/kernel" && rm -rf "${LEFT_OUT[@]}")
depmod -b root "$version"
# shellcheck source=../../lvs/image/trim.sh
. "$IMAGE_OF/trim.sh"

truncate -s "$SIZE" image/root.ext4
mkfs.ext4 -q -F -L lab -O ^has_journal -E lazy_itable_init=1 -d root image/root.ext4
