#!/bin/bash
# walk.sh [FOLDER]: carries out docs/display-server.md, word for word, as an administrator would who knows nothing of vdd, and then opens anna's desktop.
#
# On new Debians of its own, in namespaces of their own: ds1, the hypervisors, two machines for people, a terminal and a console. What the page takes for
# granted is made first (site.sh). What hv1 has under the name of pc1 is a kernel that counts seconds, and the sshd of pc1 is that of a Debian of this name:
# what is tried here is the page, and not QEMU.
#
# Needs root on a Debian with cgroup2, a quarter of an hour, and room for 5 GB in TMPDIR, or in FOLDER, which keeps the Debians with what the first two steps have
# installed for the next time. Packages come by the network of this machine; once they are there, the hosts have a network of their own, and no way out of
# it. Everything that is started ends with this.
set -euo pipefail
WALK=$(cd "$(dirname "$0")" && pwd)
HERE=${WALK%/scripts/*}
LAB=$HERE/lab
# shellcheck source=../../lab/common/say.sh
. "$LAB/common/say.sh"
# shellcheck source=../../lab/common/packages.sh
. "$LAB/common/packages.sh"
. "$WALK/../in-debian.sh"
. "$WALK/debian.sh"
. "$WALK/person.sh"
[ "$(id -u)" = 0 ] || skip 'needs root'

WORK=$(mktemp -d)
DEBIANS=${1:-$WORK}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
echo mmdebstrap > "$WORK/packages"
need_packages "$WORK/packages"
mkdir -p "$DEBIANS" "$WORK/steps" "$WORK/hosts"
"$HERE/scripts/with-node" node "$WALK/steps.mjs" "$WORK/steps"
secret=$(od -An -N6 -tx1 /dev/urandom | tr -d ' ')
nothing=/dev/null
booting=()

# typed HOST LINE: as root, on a console as an operator; what it reads is what is pasted there
typed() {
  local line="export SSH_ASKPASS=/usr/local/bin/answer SSH_ASKPASS_REQUIRE=force; $2"
  case $1 in
    con1) at con1 "exec runuser -u oper -- env HOME=/home/oper bash -c $(printf %q "$line")" ;;
    *) at "$1" "$line" ;;
  esac < "${pasted:-$nothing}" 2>&1
}

# step FILE: does one block of the page, line by line. Each has to end well.
step() {
  local name=${1##*/} where places line
  places=${name#*-*-}
  for where in $(echo "${places%.*}" | tr , ' '); do
    case $where in terminal) where=term1 ;; console) where=con1 ;; esac
    say "step $(echo "$name" | cut -d - -f 2), on $where"
    case $name in
      *.file)
        # shellcheck disable=SC2016
        at "$where" 'read -r file && mkdir -p "${file%/*}" && cat > "$file" && sed "s|^|$file: |" "$file"' < "$1"
        ;;
      *)
        while IFS= read -r line <&3; do
          echo "$where# $line"
          typed "$where" "$line" || fail "step $name: that has failed"
        done 3< "$1"
        ;;
    esac | sed 's/^/    /'
  done
}

steps() { for number; do for file in "$WORK/steps"/??-"$number"-*; do step "$file"; done; done; }

# The first two steps take packages. apt asks whether it shall, which nobody hears here.
install_vdd() {
  local file
  git clone -q --bare "$HERE" "$DEBIANS/ds1/srv/vdd.git"
  for file in "$WORK/steps"/??-[12]-*; do
    sed 's/^/    ds1# /' "$file"
    installing ds1 "$(sed 's|REPOSITORY|/srv/vdd.git|; s/^apt-get/apt-get -y -q/' "$file")" > "$WORK/install.log" 2>&1 < /dev/null ||
      fail "that has failed: $(tail -n 5 "$WORK/install.log")"
  done
}

say 'two Debians: one that becomes the display server, one for all else (a few minutes)'
make_debian ds1
make_debian other openssh-server xauth xterm openbox xvfb x11-utils xdotool libvirt-daemon-system libvirt-clients qemu-system-x86
base64 -d "$LAB/guest/tick.elf.b64" > "$DEBIANS/other/srv/tick.elf"
say 'steps 1 and 2, on ds1'
[ -e "$DEBIANS/ds1/usr/local/lib/vdd/dist" ] || install_vdd

make_network
for host in ds1 con1; do boot_debian "$host" ds1 & booting+=("$!"); done
for host in hv1 hv2 pc1 pc2 term1; do boot_debian "$host" other & booting+=("$!"); done
for one in "${booting[@]}"; do wait "$one"; done
. "$WALK/site.sh"

steps 3 4 5
for file in "$WORK/steps"/??-6-*; do
  step "$file"
  at ds1 'cat /var/lib/vdd-desk/.ssh/id_ed25519.pub 2> /dev/null || :' > "$WORK/key"
  pasted=$WORK/key
done
unset pasted
steps 7 8 9
open_desktop "$WORK/steps"/??-10-*
give_console
steps 11
close_desktop
say 'all of it holds'
