# shellcheck shell=bash
# Networks, storage pools and guests.

# What guests are made of. Below RUN, which both hosts see under the same path: shared storage to libvirt's eyes.
guest_files() {
  local file
  mkdir -p "$RUN"/{guest,disks,xml}
  base64 -d "$LAB/guest/tick.elf.b64" > "$RUN/guest/tick.elf"
  qemu-img create -q -f qcow2 "$RUN/disks/web1.qcow2" 1G
  truncate -s 1M "$RUN/disks/iso1.img"
  # in a's own images directory, which b does not see: for migrate --copy-storage-all
  qemu-img create -q -f qcow2 "$RUN/a/lib/images/store1.qcow2" 16M
  for file in "$VIRT"/xml/*.xml; do sed "s|@RUN@|$RUN|" "$file" > "$RUN/xml/${file##*/}"; done
}

# v HOST ARGUMENT...: a time limit, because a virsh that connects to a hung libvirtd waits for ever
v() {
  local host=$1
  shift
  enter "$host" timeout -s KILL 60 virsh -q "$@" > /dev/null
}

host_resources() {
  v "$1" net-define "$RUN/xml/lan.xml"
  v "$1" net-start lan
  v "$1" net-autostart lan
  v "$1" pool-define "$RUN/xml/default.xml"
  v "$1" pool-start default
  v "$1" pool-autostart default
}

host_guests() {
  local host guest state
  while read -r host guest state; do
    [ "$host" = "$1" ] || continue
    v "$host" define "$RUN/xml/$guest.xml"
    if [ "$state" = running ]; then v "$host" start "$guest"; fi
  done < "$VIRT/machines"
}
