# shellcheck shell=bash
# What a host has for itself; host-init.sh puts it in place.

# disk HOST NAME TARGET: a directory of the machine, as its package left it, that the host keeps over a power cut
disk() {
  mkdir -p "$RUN/$1/disk"
  cp -a "$3" "$RUN/$1/disk/$2"
}

pacemaker_files() {
  local dir=$RUN/$1 cib=$RUN/$1/disk/pacemaker/cib
  mkdir -p "$dir/etc/corosync"
  sed -e "s/@NODE1@/$(address ha1)/" -e "s/@NODE2@/$(address ha2)/" "$HA/host/corosync.conf" > "$dir/etc/corosync/corosync.conf"
  mkdir -p "$dir/log/corosync"
  install -d -m 770 -o hacluster -g haclient "$dir/log/pacemaker"
  # With a configuration that it had before it does not wait for others as long as on its first day (dc-deadtime).
  install -d -m 750 -o hacluster -g haclient "$cib"
  install -m 600 -o hacluster -g haclient "$HA/host/cib.xml" "$cib/cib.xml"
  local machine=/dev/null
  if [ "$WITH" = machines ]; then
    mkdir "$dir/log/libvirt"
    libvirt_files "$1" "$(uuid "$1")"
    machine=$HA/host/machine.xml
  fi
  sed -i -e "/@MACHINE@/r $machine" -e '/@MACHINE@/d' "$cib/cib.xml"
}

heartbeat_files() {
  local dir=$RUN/$1/etc/ha.d
  mkdir -p "$dir/resource.d"
  cp -a /etc/ha.d/. "$dir"
  sed -e "s/@NODE1@/$(address hb1)/" -e "s/@NODE2@/$(address hb2)/" "$HA/host/ha.cf" > "$dir/ha.cf"
  cp "$HA/host/haresources" "$dir/haresources"
  install -m 600 "$HA/host/authkeys" "$dir/authkeys"
  install -m 755 "$HA/host/slapd" "$dir/resource.d/slapd"
}

# The first host has the higher priority, so it has the address while it runs.
keepalived_files() {
  local dir=$RUN/$1/etc/keepalived
  mkdir -p "$dir"
  sed -e "s/@PRIORITY@/$((150 - 10 * ${1#kl}))/" "$HA/host/keepalived.conf" > "$dir/keepalived.conf"
  cp "$HA/host/rsyslog.conf" "$RUN/$1/etc/rsyslog.conf"
}

host_files() {
  local host=$1 dir=$RUN/$1 name
  machine_files "$host" 22
  # A cluster knows its nodes by uname -n.
  echo "$host" > "$dir/etc/hostname"
  {
    echo '127.0.0.1 localhost'
    for name in $(host_names); do echo "$(address "$name") $name"; done
  } > "$dir/etc/hosts"
  install -d -m 755 "$dir/etc/ldap"
  cp -a /etc/ldap/schema "$dir/etc/ldap"
  install -m 640 -g openldap "$HA/host/slapd.conf" "$dir/etc/ldap/slapd.conf"
  mkdir -p "$dir/tools"
  install -m 755 "$HA"/tools/* "$dir/tools"
  disk "$host" pacemaker /var/lib/pacemaker
  disk "$host" corosync /var/lib/corosync
  disk "$host" heartbeat /var/lib/heartbeat
  "$(kind "$host")_files" "$host"
}

# the storage that a pair shares: an empty directory's database, with its root entry
shared_files() {
  local dir=$RUN/shared-$1
  install -d -m 755 "$dir"
  install -d -m 700 -o openldap -g openldap "$dir/ldap"
  if [ "$1 $WITH" = 'pacemaker machines' ]; then
    mkdir "$dir/machines"
    base64 -d "$LAB/guest/tick.elf.b64" > "$dir/machines/tick.elf"
    cp "$HA/host/mail1.xml" "$dir/machines"
  fi
}
