# shellcheck shell=bash
# What is done within a Debian that lies in a folder and is not booted.

# join_network ROOT CERTIFICATES: gives it the network of this machine, as a newcomer's own would be set up already: names, the registry of its npm, and the certificates, as that
# file of it. Sets `environment`.
join_network() {
  local root=$1 name
  cp /etc/hosts /etc/resolv.conf "$root/etc/"
  cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$root$2"
  environment=("NODE_EXTRA_CA_CERTS=$2")
  for name in http_proxy https_proxy no_proxy; do [ -z "${!name:-}" ] || environment+=("$name=${!name}"); done
  if type npm > /dev/null 2>&1; then environment+=("npm_config_registry=$(npm config get registry)"); fi
}

# in_debian ROOT COMMAND: as root of it, in `environment`, in namespaces of its own, which end with the command
in_debian() {
  # shellcheck disable=SC2016
  unshare --mount --pid --uts --ipc --fork --kill-child bash -euc '
    mount --make-rprivate /
    mount --rbind "$0" "$0"
    mount -t proc proc "$0/proc"
    for place in sys dev; do mount --rbind "/$place" "$0/$place"; done
    mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm"
    cd "$0"
    mkdir -p before
    pivot_root . before
    umount -l /before
    # A bash that does more after the command stays the first process there, and buries what nobody waits for.
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=xterm "${@:2}" \
      bash -euo pipefail -c "$1
      exit"
  ' "$1" "$2" "${environment[@]}"
}

# make_bookworm ROOT VARIANT [PACKAGES]: makes one, whose package lists stay
make_bookworm() {
  mmdebstrap --quiet --variant="$2" --mode=root --skip=cleanup/apt/lists ${3:+"--include=$3"} bookworm "$1" \
    'deb http://deb.debian.org/debian bookworm main' \
    'deb http://deb.debian.org/debian bookworm-updates main' \
    'deb http://deb.debian.org/debian-security bookworm-security main'
}
