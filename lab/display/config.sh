# shellcheck shell=bash
# How the hosts are reached, and what they are to vdd: the display server is a host of it, the machines are what people choose from.

write_config() {
  local host
  mkdir -p "$PART/ssh"
  known_hosts > "$PART/ssh/known_hosts"
  for host in $(hosts_with_sshd); do ssh_host "$host" "$(address "$host")"; done > "$PART/ssh/config"
  for host in $(servers); do
    printf '  - name: %s\n    roles: [display]\n    address: %s\n    vdd: /usr/local/bin/vdd\n' "$host" "$(address "$host")"
  done > "$RUN/hosts.yaml"
  cp "$DISPLAY_PART/host/desk.yaml" "$RUN/settings.yaml"
  write_vdd_yaml
}

# own_config HOST: for the vdd on the display server itself
own_config() {
  printf 'cluster: lab\nhosts:\n  - name: %s\n    local: true\n    roles: [display]\n    vdd: /usr/local/bin/vdd\n' "$1"
  cat "$DISPLAY_PART/host/desk.yaml"
}
