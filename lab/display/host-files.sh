# shellcheck shell=bash
# What a host has for itself; host-init.sh puts it in place.

# The session managers that are offered are those of packages, but not all that this machine happens to have.
session_files() {
  local file
  mkdir -p "$RUN/$1/xsessions"
  [ "$(kind "$1")" = machine ] || return 0
  for file in openbox jwm; do cp "/usr/share/xsessions/$file.desktop" "$RUN/$1/xsessions"; done
}

sudo_files() {
  install -m 440 "$DISPLAY_PART/host/sudoers" "$RUN/$1/etc/sudoers"
  mkdir -m 755 "$RUN/$1/etc/sudoers.d"
  if [ "$(kind "$1")" = server ]; then install -m 440 "$DISPLAY_PART/host/sudoers-vdd" "$RUN/$1/etc/sudoers.d/vdd"; fi
}

host_files() {
  local host=$1 dir=$RUN/$1 name
  machine_files "$host" 22
  cat "$DISPLAY_PART/host/sshd_config" "$dir/etc/ssh/sshd_config" > "$dir/sshd_config"
  mv "$dir/sshd_config" "$dir/etc/ssh/sshd_config"
  # also of the terminals and machines that are not made of namespaces; of several names of an address the first counts (hosts(5))
  {
    sed -n 's/^\([a-z][a-z0-9]*\) \([0-9.]*\) .*/\2 \1/p' "$HOSTS" "$LAB"/{terminal,desktop}/hosts
    cat "$dir/etc/hosts"
    echo "$CONSOLE_ADDRESS vdd-console"
  } > "$dir/hosts"
  mv "$dir/hosts" "$dir/etc/hosts"
  kerberos_files "$host"
  mkdir -p "$dir/tools"
  install -m 755 "$DISPLAY_PART"/tools/* "$dir/tools"
  sudo_files "$host"
  if [ "$(kind "$host")" = server ]; then
    mkdir "$dir/etc/vdd"
    own_config "$host" > "$dir/etc/vdd/vdd.yaml"
  fi
  session_files "$host"
  accounts "$host"
  for name in $(accounts_of "$host"); do home "$host" "$name"; done
}
