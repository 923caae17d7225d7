#!/bin/bash
# lab/lab up lvs
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/config.sh"
. "$LAB/common/lock.sh"
. "$LAB/common/image.sh"
. "$LAB/common/guest.sh"
. "$LVS/machine.sh"
use_image lvs

write_config() {
  local host
  mkdir -p "$PART/ssh" "$KEYS"
  install -m 600 "$IMAGE/operator" "$KEYS/operator"
  for host in $(host_names); do echo "$host,$(address "$host") $(cut -d ' ' -f 1-2 "$IMAGE/host.pub")"; done > "$PART/ssh/known_hosts"
  # An emulated guest that is busy takes seconds for a handshake, and for a sign of life.
  for host in $(host_names); do
    ssh_host "$host" "$(address "$host")" 'ConnectTimeout 20' 'ServerAliveCountMax 8'
  done > "$PART/ssh/config"
  for host in $(host_names); do
    [ "$(role "$host")" = - ] || printf '  - name: %s\n    address: %s\n    roles: [%s]\n' "$host" "$(address "$host")" "$(role "$host")"
    # nothing but ssh leads into the guest
    [ "$(role "$host")" != frontend ] || printf '    ldap: {url: "ldap://127.0.0.1", throughSsh: true, base: "dc=example,dc=org"}\n'
  done > "$RUN/hosts.yaml"
  # A look at all four costs their emulated processors more than a second.
  printf 'drills: allowed\ninterval: 3\n' > "$RUN/settings.yaml"
  write_vdd_yaml
}

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end "$GUEST" || true
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

need_root
need_packages "$LVS/packages"
lock
if lab_is_up; then
  say "already up ($STATE)"
  exit 0
fi
end "$GUEST" || fail 'an earlier guest does not end'
rm -rf "$RUN"
image_is_right || build_image
began=${EPOCHREALTIME/./}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say "hosts $(host_names | xargs): a Debian guest with ip_vs under QEMU ($STATE)"
mkdir -p "$RUN"
write_config
run_guest "$LVS"/{machine.sh,hosts} "$LVS"/guest/*
touch "$RUN/ready"
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: vdd --config \"\$(lab/lab config)\""
