# shellcheck shell=bash
# What a host has for itself; host-init.sh puts it in place.

# render HOST FILE: a template of host/ with what differs between hosts, and the secrets, filled in
render() {
  local name script=
  for name in "$SECRETS"/*; do script+="s|@${name##*/}@|$(cat "$name")|;"; done
  sed -e "s|@HOST@|$1|g;s|@ROLE@|$(role "$1")|g;s|@ADDRESS@|$(address "$1")|g;s|@PROVIDER@|$(address "$(provider)")|g;$script" "$AUTH/host/$2"
}

ldap_files() {
  local host=$1 dir=$RUN/$1/ldap
  mkdir -p "$dir/tls"
  cp -r /etc/ldap/schema "$dir"
  (umask 027 && { render "$host" slapd.conf && render "$host" "$(role "$host").conf"; } > "$dir/slapd.conf")
  printf 'URI ldap://%s:10389\nBASE dc=example,dc=org\nTLS_CACERT /etc/ldap/tls/ca.pem\n' "$(address "$host")" > "$dir/ldap.conf"
  descriptors "$host" > "$dir/descriptors"
  install -m 644 "$TLS/ca.pem" "$dir/tls"
  install -m 644 "$TLS/$host.pem" "$dir/tls/host.pem"
  install -m 640 "$TLS/$host.key" "$dir/tls/host.key"
  chgrp openldap "$dir/slapd.conf" "$dir/tls/host.key"
}

# the secret: for lab-serve, which asks it whether it is there
radius_files() {
  local dir=$RUN/$1/freeradius/3.0
  mkdir -p "$dir" "$RUN/$1/log/freeradius"
  : > "$dir/dictionary"
  (umask 027 && render "$1" radiusd.conf > "$dir/radiusd.conf")
  install -m 600 "$SECRETS/radius.secret" "$dir/secret"
  chgrp freerad "$dir/radiusd.conf"
  chown freerad:freerad "$RUN/$1/log/freeradius"
}

host_files() {
  machine_files "$1" "$SSH_PORT"
  mkdir -p "$RUN/$1/tools"
  install -m 755 "$AUTH"/tools/* "$RUN/$1/tools"
  printf 'ADDRESS=%q\nPROVIDER=%q\n' "$(address "$1")" "$(address "$(provider)")" > "$RUN/$1/tools/lab-host"
  ldap_files "$1"
  if [ "$(role "$1")" = frontend ]; then radius_files "$1"; fi
}
