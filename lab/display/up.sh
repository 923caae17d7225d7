#!/bin/bash
# lab/lab up display
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/check.sh"
. "$LAB/common/keys.sh"
. "$LAB/common/secrets.sh"
. "$DISPLAY_PART/people.sh"
. "$LAB/common/config.sh"
. "$DISPLAY_PART/config.sh"
. "$LAB/common/host-files.sh"
. "$DISPLAY_PART/kerberos.sh"
. "$DISPLAY_PART/host-files.sh"
. "$LAB/common/lock.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/bridge.sh"
. "$DISPLAY_PART/daemons.sh"

# One host from power-on to its daemons. Nothing it starts may hold the caller's output or lock open.
bring_up() {
  "start_$(daemons "$1")" "$1"
  [ "$(kind "$1")" != server ] || start_kdc "$1"
}

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end_lab
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

check_system
need_packages "$DISPLAY_PART/packages"
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

say "hosts $(host_names | xargs): namespaces, sshd, screens ($STATE)"
umask 022
mkdir -p "$RUN"
make_keys
make_people_keys
make_secrets
make_realm
write_config
for host in $(host_names); do host_files "$host"; done

launch "$DISPLAY_PART/lib.sh" "$DISPLAY_PART/console-init.sh" -n
await "$SLOW" test -e "$LAUNCHER" || fail "the lab did not start ($RUN/console.log)"
for host in $(host_names); do
  await "$SLOW" booted_or_dead "$host" || true
  [ -e "$RUN/$host/booted" ] || fail "host $host did not come up ($RUN/$host/init.log)"
done

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
join_part virt
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: vdd --config \"\$(lab/lab config)\""
