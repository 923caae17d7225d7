# shellcheck shell=bash
# The way in, for the operator on this machine: an ssh configuration and a vdd.yaml for all parts that are up. Each part has its
# ssh/config beside its keys, and run/hosts.yaml, the hosts as vdd's configuration lists them; run/settings.yaml, if there is more to set.

# ssh_host NAME ADDRESS [LINE...]: an entry of ssh_config(5). ProxyCommand is a line for the user's shell; connect.sh looks up the way each time.
ssh_host() {
  cat << END
Host $1
  HostName $2
  User root
  IdentityFile $KEYS/operator
  IdentitiesOnly yes
  UserKnownHostsFile $PART/ssh/known_hosts
  StrictHostKeyChecking yes
  ProxyCommand env VDD_LAB_DIR=$STATE $(printf %q "$LAB/lab") connect $1
END
  if [ $# -gt 2 ]; then printf '  %s\n' "${@:3}"; fi
  echo
}

write_vdd_yaml() {
  local file
  {
    printf 'cluster: lab\nssh:\n  configFile: %s\n' "$STATE/ssh_config"
    for file in "$STATE"/*/run/settings.yaml; do
      if [ -e "$file" ]; then cat "$file"; fi
    done
    echo 'hosts:'
    for file in "$STATE"/*/run/hosts.yaml; do
      if [ -e "$file" ]; then cat "$file"; fi
    done
  } > "$STATE/vdd.yaml.new"
  cat "$STATE"/*/ssh/config > "$STATE/ssh_config"
  mv "$STATE/vdd.yaml.new" "$STATE/vdd.yaml"
}

# Removes what down keeps of this part; what the other parts have stays, and stands in vdd.yaml as before.
forget_part() {
  rm -rf "$PART"
  if compgen -G "$STATE/*/ssh/config" > /dev/null; then
    write_vdd_yaml
  else
    rm -f "$STATE"/{vdd.yaml,ssh_config}
    rmdir "$STATE" 2> /dev/null || true
  fi
}
