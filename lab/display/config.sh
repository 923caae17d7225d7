# shellcheck shell=bash
# How the hosts are reached, and what they are to vdd.

# vdd has no role for a machine whose desktops are shown elsewhere, nor for the server that shows them. A front end is asked
# nothing but how it is, if there are no settings for it.
role() { echo frontend; }

write_config() {
  local host
  mkdir -p "$PART/ssh"
  known_hosts > "$PART/ssh/known_hosts"
  for host in $(hosts_with_sshd); do ssh_host "$host" "$(address "$host")"; done > "$PART/ssh/config"
  for host in $(hosts_with_sshd); do
    printf '  - name: %s\n    roles: [%s]\n    address: %s\n' "$host" "$(role "$host")" "$(address "$host")"
  done > "$RUN/hosts.yaml"
  write_vdd_yaml
}
