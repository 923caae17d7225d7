# shellcheck shell=bash
# A guest's kernel and disk: built once from a part's image/ and common/image/, kept under the hash of what they are made from, and checked
# against their own hashes before each use. Sets IMAGE, the directory that has them. In a part's image/:
#   packages  what is in the guest, one a line
#   settings  bash: KERNEL (Debian's package), MODULES (to mount its disk), LEFT_OUT (below the kernel's modules, of no use to it), SIZE (of the disk)
#   trim.sh   makes of these packages a guest that boots in seconds; sourced with `root`, its directory

CACHE=${VDD_LAB_CACHE:-/var/cache/vdd-lab}

# use_image PART
use_image() {
  IMAGE_OF=$LAB/$1/image
  IMAGE=$CACHE/$1-$(cat "$IMAGE_OF"/* "$LAB"/common/image/* | sha256sum | cut -c 1-16)
}

image_is_right() { [ -e "$IMAGE/SHA256SUMS" ] && (cd "$IMAGE" && sha256sum --quiet -c SHA256SUMS) > /dev/null 2>&1; }

# One at a time: others wait, and find it built.
build_image() (
  umask 077
  mkdir -p "$CACHE"
  exec 8> "$CACHE/lock"
  flock -n 8 || { say 'waiting for another lab to build a guest' && flock 8; }
  image_is_right && exit 0
  part=$(basename "${IMAGE_OF%/image}")
  rm -rf "$IMAGE" "$CACHE"/build.*
  # those of scripts that are no longer
  find "$CACHE" -maxdepth 1 -name "$part-*" -mtime +30 -exec rm -rf {} +
  build=$(mktemp -d "$CACHE/build.XXXXXX")
  trap 'rm -rf "$build"' EXIT
  chmod 755 "$build" # apt's own user reads it
  say "building the guest of $part (Debian 12; a few minutes, once; $CACHE)"
  # which mirrors this machine uses is known by them
  fetch_lists
  for step in system kernel root; do
    nice "$LAB/common/image/$step.sh" "$IMAGE_OF" "$build" > "$build/$step.log" 2>&1 8>&- ||
      { tail -n 5 "$build/$step.log" >&2 && skip "cannot build the guest of $part ($step)"; }
  done
  mv "$build/image" "$IMAGE"
  (cd "$IMAGE" && sha256sum -- * > sums && mv sums SHA256SUMS)
)
