#!/bin/bash
# lab/lab up auth
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$AUTH/check.sh"
. "$LAB/common/keys.sh"
. "$AUTH/secrets.sh"
. "$AUTH/tls.sh"
. "$AUTH/people.sh"
. "$LAB/common/config.sh"
. "$AUTH/config.sh"
. "$LAB/common/host-files.sh"
. "$AUTH/host-files.sh"
. "$LAB/common/lock.sh"
. "$LAB/common/launch.sh"
. "$AUTH/daemons.sh"
. "$AUTH/ready.sh"

# load HOST OPTIONS: entries from standard input into its directory
load() {
  local host=$1
  shift
  enter "$host" setpriv --reuid=openldap --regid=openldap --clear-groups slapadd -q -f /etc/ldap/slapd.conf "$@"
}

# One host from power-on to its daemons. Nothing it starts may hold the caller's output or lock open.
bring_up() {
  start_sshd "$1"
  if [ "$(role "$1")" = directory ]; then
    enter "$1" install -d -o openldap -g openldap /var/lib/ldap/odd
    people_ldif | load "$1" -w -b dc=example,dc=org
    odd_ldif | load "$1" -b dc=odd
    start_slapd "$1"
  else
    enter "$1" lab-replication start
    start_slapd "$1"
    start_freeradius "$1"
  fi
}

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end_lab
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

check_system
need_packages "$AUTH/packages"
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

say "hosts $(host_names | xargs): namespaces, sshd, slapd, FreeRADIUS at $NETWORK.0/24 ($STATE)"
umask 022
mkdir -p "$RUN"
make_keys
make_secrets
make_certificates
write_config
for host in $(host_names); do host_files "$host"; done

launch "$AUTH/lib.sh" "$AUTH/first-init.sh"
await "$SLOW" test -e "$LAUNCHER" || fail "the lab did not start ($RUN/first.log)"
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
await_ready
touch "$RUN/ready"
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: vdd --config \"\$(lab/lab config)\""
