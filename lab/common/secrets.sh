# shellcheck shell=bash
# Passwords: made once per state directory, each in a file that has nothing else, not even a newline: ldapsearch -y takes that
# for a part of the password. SECRETS is their directory.

# make_secret NAME [VALUE]: to be called under umask 077
make_secret() {
  mkdir -p "$SECRETS"
  [ -e "$SECRETS/$1" ] && return
  printf %s "${2:-$(openssl rand -hex 12)}" > "$SECRETS/$1.new"
  mv "$SECRETS/$1.new" "$SECRETS/$1"
}
