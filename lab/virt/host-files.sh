# shellcheck shell=bash
# The directories and files a host has for itself; host-init.sh puts them in place.

host_files() {
  machine_files "$1" 22
  echo "$CONSOLE_ADDRESS vdd-console" >> "$RUN/$1/etc/hosts"
  libvirt_files "$1" "$(uuid "$1")"
}
