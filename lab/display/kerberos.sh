# shellcheck shell=bash
# A realm of Kerberos: its KDC is on the display servers, each with a copy of the same database, and what a machine needs to take tickets.

REALM=$PART/realm # kept, as keys are

# made once: the database, with the people and their passwords, and the machines
make_realm() (
  [ ! -e "$REALM/ready" ] || exit 0
  umask 077
  rm -rf "$REALM"
  mkdir -p "$REALM"
  cp "$DISPLAY_PART/host/krb5.conf" "$REALM"
  sed "s|/etc/krb5kdc/|$REALM/|" "$DISPLAY_PART/host/kdc.conf" > "$REALM/kdc-here.conf"
  export KRB5_CONFIG=$REALM/krb5.conf KRB5_KDC_PROFILE=$REALM/kdc-here.conf
  {
    kdb5_util create -s -P "$(openssl rand -hex 12)"
    {
      # The password of a person is a line of what kadmin reads, and no word that others see.
      for name in $(people user); do echo "addprinc -pw $(cat "$SECRETS/$name.password") $name"; done
      for host in $(machines); do printf 'addprinc -randkey host/%s\nktadd -k %s host/%s\n' "$host" "$REALM/$host.keytab" "$host"; done
    } | kadmin.local
  } > "$REALM/log" 2>&1 || fail "the realm is not made ($REALM/log)"
  touch "$REALM/ready"
)

# kerberos_files HOST
kerberos_files() {
  local host=$1 etc=$RUN/$1/etc
  cp "$DISPLAY_PART/host/krb5.conf" "$etc/krb5.conf"
  case $(kind "$host") in
    server)
      install -d -m 700 "$etc/krb5kdc"
      cp "$REALM"/{principal*,stash} "$DISPLAY_PART/host/kdc.conf" "$etc/krb5kdc"
      # as Debian installs it
      printf 'Host *\n  GSSAPIAuthentication yes\n' > "$etc/ssh/ssh_config"
      ;;
    machine)
      install -m 600 "$REALM/$host.keytab" "$etc/krb5.keytab"
      # It is called vdd-desk1 here, and desk1 by those who come to it.
      printf 'GSSAPIAuthentication yes\nGSSAPIStrictAcceptorCheck no\n' >> "$etc/ssh/sshd_config"
      ;;
  esac
}

start_kdc() { enter "$1" krb5kdc -P /run/krb5kdc.pid; }
