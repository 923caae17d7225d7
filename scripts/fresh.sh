#!/bin/bash
# fresh.sh [none|start|partial|old]: does what a newcomer does, on a plain Debian 12 made for it, which has nothing by chance.
#
# none     the two commands of the README, from a clean copy of HEAD, with no package lists: green, and no test skipped
# start    the first of the two only
# partial  only what "npm test" sets up, with the lists of bookworm and none of its updates
# old      the same, with lists of versions that the mirror no longer has
#
# Needs root and a Debian with room for 4 GB in TMPDIR; "none" takes half an hour. Of this machine only the network is used: names,
# certificates, and the registry of its npm. Everything it starts ends with it.
set -euo pipefail
HERE=$(cd "$(dirname "$0")/.." && pwd)
LAB=$HERE/lab
. "$LAB/common/say.sh"
. "$LAB/common/packages.sh"
. "$HERE/scripts/in-debian.sh"
LISTS=${1:-none}
case $LISTS in none | start | partial | old) ;; *) sed -n '2,/^set /s/^# \?//p' "$0" && exit 2 ;; esac
[ "$(id -u)" = 0 ] || skip 'needs root'

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
root=$work/root
echo mmdebstrap > "$work/packages"
need_packages "$work/packages"

timed() {
  local title=$1 began=$SECONDS
  shift
  "$@"
  printf '%-40s %4d s\n' "$title" $((SECONDS - began)) | tee -a "$work/figures"
}

# inside COMMAND: as root of the new system
inside() { in_debian "$root" "$1" < /dev/null; }

age_lists() {
  local file
  case $LISTS in
    none | start) rm -rf "$root"/var/lib/apt/lists/* ;;
    partial) rm -f "$root"/var/lib/apt/lists/*_{bookworm-updates,bookworm-security}_* ;;
    # As they would be after years: each package in a version that is gone, and the checksums of lists that were others. apt believes what
    # it has on disk.
    old)
      for file in "$root"/var/lib/apt/lists/*_Packages; do
        sed -i -E 's/^(Version: .*)/\1~0/; s/^(Filename: .*)(_[a-z0-9]+\.deb)$/\1~0\2/' "$file"
      done
      sed -i -E 's/^Date: .*/Date: Sat, 10 Jun 2023 10:00:00 UTC/; / main\/binary-/s/^ [0-9a-f]{8}/ 00000000/' "$root"/var/lib/apt/lists/*InRelease
      find "$root/var/lib/apt/lists" -type f -exec touch -d 2023-06-10 {} +
      ;;
  esac
}

copy_project() {
  mkdir "$root/root/vdd"
  git -C "$HERE" archive HEAD | tar -C "$root/root/vdd" -xf -
}

# What the README asks for: npm
install_npm() { inside 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q npm' > "$work/npm.log" 2>&1; }

# The console on a terminal: it shows the demo, and "q" ends it.
try_start() {
  # shellcheck disable=SC2016
  inside 'cd /root/vdd && npm ci && echo "npm ci: said nothing else" && mkfifo /root/keys
    script -qefc "stty rows 24 cols 80; npm start" /root/screen < /root/keys > /dev/null & exec 3> /root/keys
    for _ in $(seq 6000); do { grep -q "all fresh" /root/screen || ! kill -0 $!; } && break; sleep 0.1; done
    grep -q DEMO /root/screen || { echo "the console did not come up:"; cat /root/screen; exit 1; }
    printf q >&3 && wait $!'
}

try_test() {
  inside 'cd /root/vdd && npm ci && npm test' 2>&1 | tee "$work/test.log"
  ! grep -iE 'SKIPPED:|[0-9]+ skipped|[0-9]+ todo' "$work/test.log" || fail 'tests were skipped'
}

try_packages() { inside 'cd /root/vdd && for part in virt auth lvs display terminal desktop ha; do lab/lab packages $part; done'; }

timed 'a Debian 12' make_bookworm "$root" minbase ca-certificates
join_network "$root" /etc/ssl/certs/ca-certificates.crt
copy_project
case $LISTS in
  none | start)
    timed 'npm, by apt' install_npm
    age_lists
    timed 'npm ci && npm start, to its end' try_start
    [ "$LISTS" = start ] || timed 'npm ci && npm test' try_test
    ;;
  *)
    age_lists
    timed "packages, with $LISTS lists" try_packages
    ;;
esac
echo
cat "$work/figures"
