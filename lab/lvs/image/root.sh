#!/bin/bash
# root.sh DIRECTORY: a Debian 12 with the packages of the list, trimmed to boot in seconds, as DIRECTORY/root.ext4
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
cd "$1"
version=$(cat version)

# the mirrors that this machine uses itself
mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$1" '$2 == release && $3 == "main" { print $1; exit }'
}
names=$(sed 's/#.*//' "$HERE/packages" | xargs | tr ' ' ,)
mmdebstrap --quiet --variant=minbase --mode=root --format=tar \
  --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --include="$names" bookworm root.tar \
  "deb $(mirror bookworm) bookworm main" "deb $(mirror bookworm-security) bookworm-security main"

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
