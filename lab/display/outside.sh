# shellcheck shell=bash
# What the lab gives to a machine under QEMU that is on the network of the displays: its name, and the people. DISPLAYS is the directory of that part.
. "$LAB/display/people.sh"

# shellcheck disable=SC2034 # used by people.sh
{
  PEOPLE=$LAB/display/people
  KEYS=$DISPLAYS/keys
  SECRETS=$DISPLAYS/secrets
}
known_hosts() { cat "$DISPLAYS/ssh/known_hosts"; }

# own_files HOST: as $RUN/HOST, which the machine unpacks when it is switched on
own_files() {
  local host=$1 dir=$RUN/$1 name
  rm -rf "$dir"
  mkdir -p "$dir/etc/lab"
  echo "$host" > "$dir/etc/hostname"
  address "$host" > "$dir/etc/lab/address"
  {
    echo '127.0.0.1 localhost'
    sed -n 's/^\([a-z][a-z0-9]*\) \([0-9.]*\) .*/\2 \1/p' "$LAB/display/hosts" "$HOSTS"
  } > "$dir/etc/hosts"
  our_accounts "$host" "$dir/etc/lab"
  for name in $(accounts_of "$host"); do home "$host" "$name"; done
}
