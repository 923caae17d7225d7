# shellcheck shell=bash
# The files every host made of namespaces has for itself; common/host-places.sh puts them in place.

# machine_files HOST PORT: a name, a way in by ssh on that port
machine_files() {
  local host=$1 dir=$RUN/$1 name
  mkdir -p "$dir"/{etc/ssh,log}
  (umask 077 && mkdir -p "$dir/root/.ssh")
  sed -e "s|@ADDRESS@|$(address "$host")|" -e "s|@PORT@|$2|" "$LAB/common/sshd_config" > "$dir/etc/ssh/sshd_config"
  install -m 600 "$KEYS/sshd-$host" "$dir/etc/ssh/hostkey"
  cp "$KEYS/operator.pub" "$dir/root/.ssh/authorized_keys"

  echo "vdd-$host" > "$dir/etc/hostname"
  {
    echo '127.0.0.1 localhost'
    for name in $(host_names); do echo "$(address "$name") vdd-$name"; done
  } > "$dir/etc/hosts"
  # sshd without PAM refuses keys too if root's password is locked ("!"), as it is on many machines
  (umask 077 && echo 'root:*:19000::::::' > "$dir/etc/shadow")
}
