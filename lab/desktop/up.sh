#!/bin/bash
# lab/lab up desktop: and virt and display, if they are not up
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/image.sh"
. "$LAB/common/keys.sh"
. "$LAB/common/config.sh"
. "$LAB/common/lock.sh"
. "$DESKTOP/machine.sh"
. "$DESKTOP/catalogue.sh"
. "$DESKTOP/config.sh"
use_image desktop

need_root
umask 022
need_packages "$DESKTOP/packages"
for part in virt display; do "$LAB/$part/status.sh" > /dev/null || "$LAB/$part/up.sh"; done
lock
if lab_is_up; then
  say "already up ($STATE)"
  exit 0
fi
rm -rf "$RUN"
image_is_right || build_image

say "$(host_names | xargs): a machine with a desktop, off, on $(hypervisors | head -n 1) ($STATE)"
mkdir -p "$RUN"
for host in $(host_names); do
  make_key "sshd-$host"
  forget_machine "$host"
  machine_files "$host"
  define_machine "$host"
done
make_key broker
write_way_in
open_catalogue
write_vdd_yaml
holders > "$RUN/ready"
say "up; now: lab/lab shell term1 lab-as anna xterm -e ssh -X -t anna@disp1 vdd desk"
