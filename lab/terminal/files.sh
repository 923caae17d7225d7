# shellcheck shell=bash
# What the lab gives to the thin client when it is switched on.
. "$LAB/display/outside.sh"

# terminal_files HOST [classical]: as $RUN/files.tar
terminal_files() {
  local host=$1 dir=$RUN/$1
  own_files "$host"
  mkdir -p "$dir/usr/local/bin"
  if [ "${2:-}" = classical ]; then mcookie > "$dir/etc/lab/cookie"; fi
  "${LAB%/*}/bin/vdd" desk client-script > "$dir/usr/local/bin/vdd-desk-client" || fail 'the script of the terminals comes from this tree'"'"'s vdd'
  chmod 755 "$dir/usr/local/bin/vdd-desk-client"
  (umask 077 && tar -C "$dir" --numeric-owner -cf "$RUN/files.tar" etc home usr)
}
