# shellcheck shell=bash
# The way in, for the operator in the machine's own network namespace: an ssh configuration and a vdd.yaml.

# ProxyCommand is a line for the user's shell; connect.sh looks up the console's pid each time it is called
ssh_config() {
  local host
  for host in $(host_names); do
    cat << END
Host $host
  HostName $(address "$host")
  User root
  IdentityFile $KEYS/operator
  IdentitiesOnly yes
  UserKnownHostsFile $PART/ssh/known_hosts
  StrictHostKeyChecking yes
  ProxyCommand env VDD_LAB_DIR=$STATE $(printf %q "$LAB/lab") connect $host

END
  done
}

vdd_yaml() {
  local host
  cat << END
cluster: lab
ssh:
  configFile: $PART/ssh/config
hosts:
END
  for host in $(host_names); do
    cat << END
  - name: $host
    roles: [hypervisor]
    libvirt: qemu:///system
    migrateTo: qemu+ssh://root@$(address "$host")/system
END
  done
}

write_config() {
  mkdir -p "$PART/ssh"
  known_hosts > "$PART/ssh/known_hosts"
  ssh_config > "$PART/ssh/config"
  vdd_yaml > "$STATE/vdd.yaml"
}
