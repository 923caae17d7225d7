# shellcheck shell=bash
# What the lab gives to the thin client when it is switched on.
. "$LAB/display/people.sh"

# shellcheck disable=SC2034 # used by people.sh
{
  PEOPLE=$LAB/display/people
  KEYS=$DISPLAYS/keys
  SECRETS=$DISPLAYS/secrets
}
known_hosts() { cat "$DISPLAYS/ssh/known_hosts"; }

# terminal_files HOST [classical]: as $RUN/files.tar
terminal_files() {
  local host=$1 dir=$RUN/$1 name
  rm -rf "$dir"
  mkdir -p "$dir"/{etc/lab,usr/local/bin}
  echo "$host" > "$dir/etc/hostname"
  address "$host" > "$dir/etc/lab/address"
  {
    echo '127.0.0.1 localhost'
    sed -n 's/^\([a-z][a-z0-9]*\) \([0-9.]*\) .*/\2 \1/p' "$LAB/display/hosts" "$HOSTS"
  } > "$dir/etc/hosts"
  if [ "${2:-}" = classical ]; then mcookie > "$dir/etc/lab/cookie"; fi
  our_accounts "$host" "$dir/etc/lab"
  for name in $(accounts_of "$host"); do home "$host" "$name"; done
  "${LAB%/*}/bin/vdd" desk client-script > "$dir/usr/local/bin/vdd-desk-client" || fail 'the script of the terminals comes from this tree'"'"'s vdd'
  chmod 755 "$dir/usr/local/bin/vdd-desk-client"
  (umask 077 && tar -C "$dir" --numeric-owner -cf "$RUN/files.tar" etc home usr)
}
