# shellcheck shell=bash
# Who goes from host to host, for migrations: a key root-HOST each.

make_root_keys() {
  local host
  for host in $(host_names); do make_key "root-$host"; done
}

authorized_keys() {
  local host
  cat "$KEYS/operator.pub"
  for host in $(host_names); do cat "$KEYS/root-$host.pub"; done
}
