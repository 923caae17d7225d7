# shellcheck shell=bash
# The directories and files a host has for itself; host-init.sh puts them in place.

# render HOST FILE: a template of host/ with what differs between hosts filled in
render() { sed -e "s|@ADDRESS@|$(address "$1")|" -e "s|@UUID@|$(uuid "$1")|" "$VIRT/host/$2"; }

host_files() {
  local host=$1 dir=$RUN/$1
  machine_files "$host" 22
  echo "$CONSOLE_ADDRESS vdd-console" >> "$dir/etc/hosts"
  mkdir -p "$dir"/{libvirt/{qemu,hooks,nwfilter},lib/{images,qemu,boot,dnsmasq},cache}

  render "$host" libvirtd.conf > "$dir/libvirt/libvirtd.conf"
  render "$host" qemu.conf > "$dir/libvirt/qemu.conf"
  : > "$dir/libvirt/libvirt.conf"

  install -m 600 "$KEYS/root-$host" "$dir/root/.ssh/id_ed25519"
  authorized_keys > "$dir/root/.ssh/authorized_keys"
  known_hosts > "$dir/root/.ssh/known_hosts"
  echo 'StrictHostKeyChecking yes' > "$dir/root/.ssh/config"
}
