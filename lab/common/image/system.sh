#!/bin/bash
# system.sh IMAGE_OF DIRECTORY: a Debian 12 with the packages of the list, as DIRECTORY/root.tar, and its kernel in DIRECTORY/deb
set -euo pipefail
# shellcheck source=../../lvs/image/settings
. "$1/settings"
names=$(sed 's/#.*//' "$1/packages" | xargs | tr ' ' ,)
cd "$2"

# mirror RELEASE DEFAULT: the one that this machine uses itself, if it has that release
mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$1" -v found="$2" '$2 == release && $3 == "main" { found = $1 } END { print found }'
}
debian=$(mirror bookworm http://deb.debian.org/debian)
security=$(mirror bookworm-security http://deb.debian.org/debian-security)
echo "mirrors: $debian $security"

# mmdebstrap does not read the configuration of this machine's apt
eval "$(apt-config shell proxy Acquire::http::Proxy)"
case ${proxy:-DIRECT} in DIRECT) ;; *) export http_proxy=$proxy ;; esac

# The kernel by the lists of the new system: this machine may be of another release. Not installed, which would make an initramfs.
export KERNEL
# shellcheck disable=SC2016
kernel='package=$(apt-cache depends "$KERNEL" | sed -n "s/.*Depends: \(linux-image-.*\)/\1/p") && apt-get -q download "$package"'
mkdir deb
mmdebstrap --quiet --variant=minbase --mode=root --format=tar \
  --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook="cd $PWD/deb && export APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG && $kernel" \
  --include="$names" bookworm root.tar "deb $debian bookworm main" "deb $security bookworm-security main"
