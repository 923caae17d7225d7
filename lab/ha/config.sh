# shellcheck shell=bash
# How the hosts are reached, and what they are to vdd.

write_config() {
  local host
  mkdir -p "$PART/ssh"
  known_hosts > "$PART/ssh/known_hosts"
  for host in $(host_names); do ssh_host "$host" "$(address "$host")"; done > "$PART/ssh/config"
  for host in $(host_names); do
    printf '  - name: %s\n    address: %s\n' "$host" "$(address "$host")"
    if [ "$(kind "$host") $WITH" = 'pacemaker machines' ]; then
      printf '    roles: [pacemaker, hypervisor]\n    libvirt: qemu:///system\n    migrateTo: qemu+ssh://root@%s/system\n' "$(address "$host")"
    else
      printf '    roles: [%s]\n' "$(kind "$host")"
    fi
  done > "$RUN/hosts.yaml"
  write_vdd_yaml
}
