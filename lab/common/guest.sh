# shellcheck shell=bash
# A part's guest: a QEMU that runs the part's image. It boots once: under emulation that takes half a minute, and several where the machine is
# busy. When it is ready it is saved (savevm), and each start from then on goes on from there. A part sets IMAGE (common/image.sh), RUN, GUEST
# (record of the QEMU) and LIB (that sets them), and has the functions
#   machine OPTION...  starts the guest by start_guest
#   prepare            what is still to be done in a guest that has booted, before it is saved
#   greet              what each start ends with; fails if the guest does not answer

DISK=$RUN/disk.qcow2
MONITOR=$RUN/monitor
CONSOLE=$RUN/console.log # its serial line, on which it says LAB-READY

# saved_guest FILE...: where it is. It fits only the QEMU, the devices, the disk and the programs (FILE...) that it was saved with, and the
# processor, by whose counter its clock goes.
saved_guest() {
  local key
  key=$(
    qemu-system-x86_64 --version
    echo "$IMAGE"
    grep -m 1 '^model name' /proc/cpuinfo || uname -m
    cat "$IMAGE/SHA256SUMS" "$LAB/common/guest.sh" "$@"
  )
  echo "$CACHE/guest-$(sha256sum <<< "$key" | cut -c 1-16)"
}

# start_guest KERNEL-WORDS COMMAND... -- OPTION...: on $DISK, in the network namespace into which COMMAND leads. The name makes the process
# known as this lab's. Linux would not trust the emulated TSC and ask an emulated HPET what time it is instead, which costs a third of all that
# the guest does. Of a processor that has ERMS it would clear and copy pages by a `rep movsb`, which is emulated byte by byte: a tenth of it.
start_guest() {
  local words=$1 way=()
  shift
  while [ "$1" != -- ]; do way+=("$1") && shift; done
  shift
  end "$GUEST" || fail 'an earlier guest does not end'
  rm -f "$GUEST" "$MONITOR".{in,out}
  mkfifo -m 600 "$MONITOR".{in,out}
  # shellcheck disable=SC2016
  setsid "${way[@]}" bash -c '
    set -euo pipefail
    . "$0"
    ip link set lo up
    record "$GUEST"
    # All wait for the guest, which is some ten times slower than they are: it goes before them, in its own session (sched(7)) as in that of others.
    { echo -3 > /proc/self/autogroup; } 2> /dev/null || true
    exec nice -n -3 qemu-system-x86_64 -name "$STATE" -accel tcg,thread=multi -M q35 -cpu max,-erms "$@"
  ' "$LIB" -nodefaults -display none -no-reboot \
    -chardev "pipe,id=m0,path=$MONITOR" -mon chardev=m0,mode=readline \
    -kernel "$IMAGE/vmlinux" -initrd "$IMAGE/initrd.img" \
    -append "console=ttyS0 quiet loglevel=3 net.ifnames=0 panic=-1 mitigations=off norandmaps tsc=reliable clocksource=tsc $words" \
    -drive "file=$DISK,if=none,id=d0,format=qcow2,cache=unsafe" -device virtio-blk-pci,drive=d0 \
    -object rng-random,filename=/dev/urandom,id=r0 -device virtio-rng-pci,rng=r0 "$@" \
    > "$RUN/qemu.log" 2>&1 < /dev/null 9>&- &
  disown # or bash reports its end as an accident
  await "$SLOW" test -e "$GUEST" || fail "QEMU did not start ($RUN/qemu.log)"
}

# Not before it says so: QEMU accepts a connection at once, and the first packets to a guest that does not listen yet are lost.
booted_or_dead() { grep -qs LAB-READY "$CONSOLE" || ended "$GUEST"; }

# boot: from the image, until it is ready
boot() {
  say 'the guest boots'
  rm -f "$CONSOLE" "$DISK"
  qemu-img create -q -f qcow2 -F raw -b "$IMAGE/root.ext4" "$DISK"
  machine
  await 600 booted_or_dead || true
  grep -qs LAB-READY "$CONSOLE" || fail "the guest did not come up ($CONSOLE)"
  prepare
}

# save DIRECTORY: the running guest, which ends with it
save() (
  umask 077
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
  rm -f "$CONSOLE"
  cp --sparse=always "$saved/disk.qcow2" "$DISK"
  machine -loadvm ready
  greet
}

# run_guest FILE...: goes on from where it was saved, or boots and saves it
run_guest() {
  local saved
  saved=$(saved_guest "$@")
  restore "$saved" || { boot && save "$saved" && restore "$saved"; } || { boot && greet; }
}
