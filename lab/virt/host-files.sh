# shellcheck shell=bash
# The directories and files a host has for itself; host-init.sh puts them in place.

# render HOST FILE: a template of host/ with what differs between hosts filled in
render() { sed -e "s|@ADDRESS@|$(address "$1")|" -e "s|@UUID@|$(uuid "$1")|" "$VIRT/host/$2"; }

host_files() {
  local host=$1 dir=$RUN/$1 name
  mkdir -p "$dir"/{libvirt/{qemu,hooks,nwfilter},ssh,lib/{images,qemu,boot,dnsmasq},log,cache}
  (umask 077 && mkdir -p "$dir/root/.ssh")

  render "$host" libvirtd.conf > "$dir/libvirt/libvirtd.conf"
  render "$host" qemu.conf > "$dir/libvirt/qemu.conf"
  render "$host" sshd_config > "$dir/ssh/sshd_config"
  : > "$dir/libvirt/libvirt.conf"

  install -m 600 "$KEYS/sshd-$host" "$dir/ssh/hostkey"
  install -m 600 "$KEYS/root-$host" "$dir/root/.ssh/id_ed25519"
  authorized_keys > "$dir/root/.ssh/authorized_keys"
  known_hosts > "$dir/root/.ssh/known_hosts"
  echo 'StrictHostKeyChecking yes' > "$dir/root/.ssh/config"

  echo "vdd-$host" > "$dir/hostname"
  {
    echo '127.0.0.1 localhost'
    for name in $(host_names); do echo "$(address "$name") vdd-$name"; done
    echo "$CONSOLE_ADDRESS vdd-console"
  } > "$dir/hosts"
  # sshd without PAM refuses keys too if root's password is locked ("!"), as it is on many machines
  (umask 077 && echo 'root:*:19000::::::' > "$dir/shadow")
}
