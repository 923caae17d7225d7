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
  # which mirrors this machine uses is known by them
  fetch_lists
  for step in system kernel root; do
    "$LVS/image/$step.sh" "$build" > "$build/$step.log" 2>&1 8>&- ||
      { tail -n 5 "$build/$step.log" >&2 && skip "cannot build the guest ($step)"; }
  done
  mkdir "$IMAGE"
  mv "$build"/{vmlinux,initrd.img,root.ext4,operator,operator.pub,host.pub} "$IMAGE"
  (cd "$IMAGE" && sha256sum -- * > sums && mv sums SHA256SUMS)
)
