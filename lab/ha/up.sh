#!/bin/bash
# lab/lab up ha [machines]: with machines, the cluster under Pacemaker has one that it runs
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/check.sh"
. "$LAB/common/keys.sh"
. "$LAB/common/config.sh"
. "$HA/config.sh"
. "$LAB/common/host-files.sh"
. "$HA/host-files.sh"
. "$LAB/common/lock.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/bridge.sh"
. "$HA/daemons.sh"

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end_lab
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

# both pairs have begun to serve
directory_runs() { enter "$1" ldapsearch -x -LLL -H "ldap://$2" -b dc=example,dc=org -s base dc > /dev/null 2>&1; }

machine_runs() { for host in ha1 ha2; do process "$host" mail1 > /dev/null 2>&1 && return; done; return 1; }

has_address() { enter "$1" ip -o addr show | grep -qF " $2/"; }

WITH=${1:-}
case $WITH in '' | machines) ;; *) fail "up ha with $WITH? (machines)" ;; esac
check_system
need_packages "$HA/packages"
if [ "$WITH" ]; then need_packages "$VIRT/packages"; fi
check_kernel
lock
if lab_is_up; then
  if [ "$WITH" ] && ! is_hypervisor ha1; then fail "up without $WITH: lab/lab down ha"; fi
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

say "hosts $(host_names | xargs): namespaces, sshd, clusters ($STATE)"
umask 022
mkdir -p "$RUN"
make_keys
if [ "$WITH" ]; then make_root_keys ha1 ha2; fi
write_config
for pair in pacemaker heartbeat keepalived; do shared_files "$pair"; done
for host in $(host_names); do host_files "$host"; done

launch "$HA/lib.sh" "$HA/console-init.sh" -n
await "$SLOW" test -e "$LAUNCHER" || fail "the lab did not start ($RUN/console.log)"
for host in $(host_names); do
  await "$SLOW" booted_or_dead "$host" || true
  [ -e "$RUN/$host/booted" ] || fail "host $host did not come up ($RUN/$host/init.log)"
done
for host in ha1 hb1; do enter "$host" lab-seed; done

workers=()
for host in $(host_names); do
  start_daemons "$host" > "$RUN/$host/up.log" 2>&1 < /dev/null 9>&- &
  workers+=("$host $!")
done
for worker in "${workers[@]}"; do
  host=${worker% *}
  wait "${worker#* }" || fail "host $host: $(tail -n 3 "$RUN/$host/up.log")"
done
await "$SLOW" directory_runs ha1 10.79.0.100 || fail 'Pacemaker did not start the directory (lab/lab shell ha1 crm_mon -1 -r)'
if [ "$WITH" ]; then await "$SLOW" machine_runs || fail 'Pacemaker did not start the machine (lab/lab shell ha1 crm_mon -1 -r)'; fi
await "$SLOW" directory_runs hb1 10.79.0.110 || fail "heartbeat did not start the directory ($RUN/hb1/log/ha-log)"
await "$SLOW" has_address kl1 10.79.0.120 || fail "keepalived did not bring its address up ($RUN/kl1/log/keepalived.out)"
touch "$RUN/ready"
join_part virt
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: vdd --config \"\$(lab/lab config)\""
