# shellcheck shell=bash
# The passwords of this part. NAME.password: of cn=NAME,ou=services. ldap: cn=vdd. user: uid=user1, as people.sh has it.
. "$LAB/common/secrets.sh"

make_secrets() (
  local name
  umask 077
  for name in {ldap,blind,repl,radius}.password {radius,status}.secret; do make_secret "$name"; done
  make_secret user.password pw1
)
