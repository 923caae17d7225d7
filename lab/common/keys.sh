# shellcheck shell=bash
# Keys, made once per state directory: a console that was connected before "down" finds the same hosts after "up".

KEYS=$PART/keys

make_key() { [ -e "$KEYS/$1" ] || ssh-keygen -q -t ed25519 -N '' -C "vdd-lab $1" -f "$KEYS/$1"; }

# operator: who comes from the console. sshd-HOST: what a host is known by.
make_keys() {
  local host
  (umask 077 && mkdir -p "$KEYS")
  make_key operator
  for host in $(host_names); do make_key "sshd-$host"; done
}

# every host under all the names it is reached by
known_hosts() {
  local host
  for host in $(host_names); do
    echo "$host,vdd-$host,$(address "$host") $(cut -d ' ' -f 1-2 "$KEYS/sshd-$host.pub")"
  done
}
