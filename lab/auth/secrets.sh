# shellcheck shell=bash
# Passwords: made once per state directory, each in a file that has nothing else, not even a newline: ldapsearch -y takes that
# for a part of the password.

make_secret() {
  [ -e "$SECRETS/$1" ] && return
  printf %s "${2:-$(openssl rand -hex 12)}" > "$SECRETS/$1.new"
  mv "$SECRETS/$1.new" "$SECRETS/$1"
}

# NAME.password: of cn=NAME,ou=services. ldap: cn=vdd. user: uid=user1, as people.sh has it.
make_secrets() (
  local name
  umask 077
  mkdir -p "$SECRETS"
  for name in {ldap,blind,repl,radius}.password {radius,status}.secret; do make_secret "$name"; done
  make_secret user.password pw1
)
