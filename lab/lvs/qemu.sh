# shellcheck shell=bash
# The guest's QEMU. It boots once: under emulation that takes half a minute, and several where the machine is busy. When its hosts serve, it is
# saved (savevm), and each "up" from then on goes on from there.

# A saved guest fits only the QEMU, the devices, the disk and the programs that it was saved with.
saved_guest() {
  local key
  key=$(
    qemu-system-x86_64 --version
    echo "$IMAGE"
    cat "$IMAGE/SHA256SUMS" "$LVS/qemu.sh" "$LVS/hosts" "$LVS"/guest/*
  )
  echo "$CACHE/guest-$(sha256sum <<< "$key" | cut -c 1-16)"
}

# The guest's clock goes on where a busy machine gives it no time to work: the 90 s of systemd for a start are not enough for Perl then.
PATIENT=systemd.default_timeout_start_sec=900
DISK=$RUN/disk.qcow2
MONITOR=$RUN/monitor

# launch OPTION...: on $DISK. In a network namespace of its own the guest reaches nothing, and its ports are nobody else's. QEMU's user-mode
# network is the guest's Ethernet: each host has its address there. The name makes the process known as this lab's.
launch() {
  local host forward=
  for host in $(host_names); do
    forward+=",hostfwd=tcp:127.0.0.1:$(port "$(address "$host")")-$(address "$host"):22"
  done
  end "$GUEST" || fail 'an earlier guest does not end'
  rm -f "$GUEST" "$MONITOR".{in,out}
  mkfifo -m 600 "$MONITOR".{in,out}
  # shellcheck disable=SC2016
  setsid unshare -n bash -c '
    set -euo pipefail
    . "$0/lib.sh"
    ip link set lo up
    record "$GUEST"
    exec qemu-system-x86_64 -name "$STATE" -accel tcg,thread=multi -M q35 -cpu max -smp 2 -m 640 "$@"
  ' "$LVS" -nodefaults -display none -no-reboot -serial "file:$RUN/console.log" \
    -chardev "pipe,id=m0,path=$MONITOR" -mon chardev=m0,mode=readline \
    -kernel "$IMAGE/vmlinux" -initrd "$IMAGE/initrd.img" \
    -append "console=ttyS0 quiet loglevel=3 net.ifnames=0 panic=-1 mitigations=off norandmaps systemd.show_status=0 $PATIENT" \
    -drive "file=$DISK,if=none,id=d0,format=qcow2,cache=unsafe" -device virtio-blk-pci,drive=d0 \
    -netdev "user,id=n0,net=10.9.0.0/24,host=10.9.0.254,restrict=on$forward" -device virtio-net-pci,netdev=n0,romfile= \
    -object rng-random,filename=/dev/urandom,id=r0 -device virtio-rng-pci,rng=r0 "$@" \
    > "$RUN/qemu.log" 2>&1 < /dev/null 9>&- &
  disown # or bash reports its end as an accident
  await 20 test -e "$GUEST" || fail "QEMU did not start ($RUN/qemu.log)"
}

# Not before it says so: QEMU accepts a connection at once, and the first packets to a guest that does not listen yet are lost.
booted_or_dead() { grep -qs LAB-READY "$RUN/console.log" || ended "$GUEST"; }

# boot: from the image, until its hosts serve
boot() {
  say 'the guest boots'
  qemu-img create -q -f qcow2 -F raw -b "$IMAGE/root.ext4" "$DISK"
  launch
  await 600 booted_or_dead || true
  grep -qs LAB-READY "$RUN/console.log" || fail "the guest did not come up ($RUN/console.log)"
  tar -C "$LVS/guest" -cf - . | on lb1 tar -C /usr/local/sbin -xf - || fail 'the guest does not answer'
  on lb1 lab-hosts > "$RUN/hosts.log" 2>&1 < /dev/null || fail "the guest's hosts: $(tail -n 3 "$RUN/hosts.log")"
}

# save DIRECTORY: the running guest, which ends with it
save() (
  umask 077
  # no connection is in it that nobody has any more
  ssh -F "$PART/ssh/config" -o ControlPath="$RUN/%n.ssh" -O exit lb1 2> /dev/null || true
  printf 'savevm ready\nquit\n' > "$MONITOR.in"
  await 300 ended "$GUEST" || fail 'the guest cannot be saved'
  saving=$(mktemp -d "$CACHE/saving.XXXXXX")
  trap 'rm -rf "$saving"' EXIT
  mv "$DISK" "$saving/disk.qcow2"
  (cd "$saving" && sha256sum disk.qcow2 > SHA256SUMS)
  # those that fit nothing any more
  find "$CACHE" -maxdepth 1 -name 'guest-*' -mtime +30 -exec rm -rf {} +
  # another lab may have saved the same one meanwhile
  mv -T "$saving" "$1" 2> /dev/null || true
)

answers_or_dead() { on lb1 true 2> /dev/null || ended "$GUEST"; }

# restore DIRECTORY: fails if there is none, or it cannot be restored
restore() {
  local saved=$1
  [ -d "$saved" ] || return 1
  if [ -e "$saved/SHA256SUMS" ] && (cd "$saved" && sha256sum --quiet -c SHA256SUMS) > /dev/null 2>&1 && go_on; then return; fi
  say "a saved guest cannot be restored and is removed ($saved; $RUN/qemu.log)"
  rm -rf "$saved"
  return 1
}

# go_on: restore's second half
go_on() {
  cp --sparse=always "$saved/disk.qcow2" "$DISK"
  launch -loadvm ready
  await 300 answers_or_dead || true
  # its clock stands where it was saved
  on lb1 date -s "@$EPOCHREALTIME" > /dev/null 2>&1
}
