# shellcheck shell=bash
# The way in to the machine's root. What vdd is told of it stands in the catalogue; its hypervisors are those of virt.

write_way_in() {
  local host
  mkdir -p "$PART/ssh"
  for host in $(host_names); do machine_known "$host"; done > "$PART/ssh/known_hosts"
  for host in $(host_names); do ssh_host "$host" "$(address "$host")"; done > "$PART/ssh/config"
}
