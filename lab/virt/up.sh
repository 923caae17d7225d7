#!/bin/bash
# lab/lab up virt
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$VIRT/check.sh"
. "$LAB/common/keys.sh"
. "$LAB/common/config.sh"
. "$VIRT/config.sh"
. "$LAB/common/host-files.sh"
. "$VIRT/host-files.sh"
. "$LAB/common/lock.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/bridge.sh"
. "$VIRT/daemons.sh"
. "$VIRT/guests.sh"

# One host from power-on to guests. Nothing it starts may hold the caller's output or lock open.
bring_up() {
  start_sshd "$1"
  start_libvirtd "$1"
  host_resources "$1"
  host_guests "$1"
}

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end_lab
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

check_system
need_packages "$VIRT/packages"
check_kernel
lock
if lab_is_up; then
  say "already up ($STATE)"
  exit 0
fi
end_lab
rm -rf "$RUN"
began=${EPOCHREALTIME/./}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say "hosts $(host_names | xargs): namespaces, sshd, libvirtd ($STATE)"
mkdir -p "$RUN"
make_keys
# shellcheck disable=SC2046
make_root_keys $(host_names)
write_config
for host in $(host_names); do host_files "$host"; done
guest_files

launch "$VIRT/lib.sh" "$VIRT/console-init.sh" -n
await "$SLOW" test -e "$LAUNCHER" || fail "the lab did not start ($RUN/console.log)"
for host in $(host_names); do
  await "$SLOW" booted_or_dead "$host" || true
  [ -e "$RUN/$host/booted" ] || fail "host $host did not come up ($RUN/$host/init.log)"
done

say "guests: $(awk '$3 == "running" { printf "%s on %s, ", $2, $1 }' "$VIRT/machines")the others defined"
workers=()
for host in $(host_names); do
  bring_up "$host" > "$RUN/$host/up.log" 2>&1 < /dev/null 9>&- &
  workers+=("$host $!")
done
for worker in "${workers[@]}"; do
  host=${worker% *}
  wait "${worker#* }" || fail "host $host: $(tail -n 3 "$RUN/$host/up.log")"
done
touch "$RUN/ready"
join_part display
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: vdd --config \"\$(lab/lab config)\""
