# shellcheck shell=bash
# The guest's kernel and disk: built once from image/, kept under the hash of what they are made from, and checked against
# their own hashes before each use. Sets IMAGE, the directory that has them.

CACHE=${VDD_LAB_CACHE:-/var/cache/vdd-lab}
IMAGE=$CACHE/lvs-$(cat "$LVS"/image/* | sha256sum | cut -c 1-16)

image_is_right() { [ -e "$IMAGE/SHA256SUMS" ] && (cd "$IMAGE" && sha256sum --quiet -c SHA256SUMS) > /dev/null 2>&1; }

# One at a time: others wait, and find it built.
build_image() (
  umask 077
  mkdir -p "$CACHE"
  exec 8> "$CACHE/lock"
  flock -n 8 || { say 'waiting for another lab to build the guest' && flock 8; }
  image_is_right && exit 0
  rm -rf "$IMAGE" "$CACHE"/build.*
  # those of scripts that are no longer
  find "$CACHE" -maxdepth 1 -name 'lvs-*' -mtime +30 -exec rm -rf {} +
  build=$(mktemp -d "$CACHE/build.XXXXXX")
  trap 'rm -rf "$build"' EXIT
  chmod 755 "$build" # apt's own user reads it
  say "building the guest (Debian 12 with ldirectord; a few minutes, once; $CACHE)"
  ssh-keygen -q -t ed25519 -N '' -C vdd-lab -f "$build/operator"
  ssh-keygen -q -t ed25519 -N '' -C vdd-lab-host -f "$build/host"
  attempt() { "$LVS/image/$1.sh" "$build" > "$build/$1.log" 2>&1 8>&-; }
  give_up() { tail -n 5 "$build/$1.log" >&2 && skip "cannot build the guest ($1)"; }
  # the usual reason on a fresh machine: no package lists, or old ones
  again() {
    apt-get update -q -o DPkg::Lock::Timeout=600 > /dev/null 2>&1 8>&- || true
    rm -rf "$build"/{deb,kernel,initrd}
    attempt kernel
  }
  attempt kernel || again || give_up kernel
  attempt root || give_up root
  mkdir "$IMAGE"
  mv "$build"/{vmlinux,initrd.img,root.ext4,operator,operator.pub,host.pub} "$IMAGE"
  (cd "$IMAGE" && sha256sum -- * > sums && mv sums SHA256SUMS)
)
