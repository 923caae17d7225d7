# shellcheck shell=bash
# Where the lab keeps what it writes. Sets STATE.

STATE=$(realpath -m -- "${VDD_LAB_DIR:-${TMPDIR:-/tmp}/vdd-lab}")

# The path is written into ssh_config, XML, YAML and command lines. Rather than four ways of quoting, none.
case $STATE in
  *[!A-Za-z0-9._/+-]*) fail "$STATE: only letters, digits and . _ + - / in the lab's directory (set VDD_LAB_DIR)" ;;
esac

# A host of the lab has its own directories in these places, so it would not see the lab's.
for place in /root /run /etc /proc /sys /dev /var/lib/libvirt /var/lib/ldap /var/log /var/cache/libvirt /usr/local; do
  case $STATE/ in
    "$place"/*) fail "$STATE: the lab's directory must not be below $place (set VDD_LAB_DIR)" ;;
  esac
done
unset place

# The default name is a known one in a directory everybody may write to, and root runs what is found there.
if [ -e "$STATE" ] && ! { [ -d "$STATE" ] && [ -O "$STATE" ]; }; then
  fail "$STATE: not a directory of user $(id -un) (set VDD_LAB_DIR)"
fi
