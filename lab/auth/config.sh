# shellcheck shell=bash
# How the hosts are reached, and what they are to vdd.

# auth2's certificate has expired: vdd does without, as its operator would have to
ldap_yaml() {
  printf '    ldap:\n      url: ldap://%s:10389\n' "$(address "$1")"
  [ "$(certificate "$1")" != good ] || printf '      startTls: true\n      caFile: %s\n' "$TLS/ca.pem"
  cat << END
      bindDn: cn=vdd,ou=services,dc=example,dc=org
      passwordFile: $SECRETS/ldap.password
      base: dc=example,dc=org
      check: uid=user1,ou=people,dc=example,dc=org
END
}

radius_yaml() {
  cat << END
    radius:
      port: 11812
      secretFile: $SECRETS/radius.secret
      statusPort: 18121
      statusSecretFile: $SECRETS/status.secret
      user: user1
      passwordFile: $SECRETS/user.password
END
}

write_config() {
  local host
  mkdir -p "$PART/ssh"
  known_hosts > "$PART/ssh/known_hosts"
  for host in $(host_names); do ssh_host "$host" "$(address "$host")"; done > "$PART/ssh/config"
  for host in $(host_names); do
    printf '  - name: %s\n    roles: [%s]\n    address: %s\n' "$host" "$(role "$host")" "$(address "$host")"
    ldap_yaml "$host"
    if [ "$(role "$host")" = frontend ]; then radius_yaml; fi
  done > "$RUN/hosts.yaml"
  write_vdd_yaml
}
