#!/bin/bash
# root.sh DIRECTORY: the system of system.sh with the modules of kernel.sh, trimmed to boot in seconds, as DIRECTORY/root.ext4
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
cd "$1"
version=$(cat version)

root=$PWD/root
mkdir root
tar -C root --numeric-owner -xpf root.tar
mkdir -p root/usr/lib/modules
cp -a "kernel/lib/modules/$version" root/usr/lib/modules/
# what a guest without devices cannot use: 90 MB
(cd "root/usr/lib/modules/$version/kernel" && rm -rf arch/x86/kvm sound \
  drivers/{infiniband,media,gpu,nvme,net/ethernet,net/wireless,usb,hwmon,iio,input,scsi,target,staging,video,mmc,power,thermal,ata} \
  fs/{ocfs2,gfs2,xfs,btrfs,ceph,nfs,nfsd,jfs,f2fs,afs,ubifs,udf} net/{sunrpc,rxrpc,tipc,rds,dccp,smc,openvswitch,ceph})
depmod -b root "$version"
. "$HERE/trim.sh"

truncate -s 600M root.ext4
mkfs.ext4 -q -F -L lab -O ^has_journal -E lazy_itable_init=1 -d root root.ext4
