# shellcheck shell=bash
# The guest as a machine (common/guest.sh).

# In a network namespace of its own it reaches nothing, and its ports are nobody else's. QEMU's user-mode network is its Ethernet: each host has
# its address there. Its clock goes on where a busy machine gives it no time to work: the 90 s of systemd for a start are not enough for Perl then.
machine() {
  local host forward=
  for host in $(host_names); do
    forward+=",hostfwd=tcp:127.0.0.1:$(port "$(address "$host")")-$(address "$host"):22"
  done
  start_guest 'systemd.show_status=0 systemd.default_timeout_start_sec=900' unshare -n -- -smp 2 -m 640 -serial "file:$CONSOLE" \
    -netdev "user,id=n0,net=10.9.0.0/24,host=10.9.0.254,restrict=on$forward" -device virtio-net-pci,netdev=n0,romfile= "$@"
}

prepare() {
  tar -C "$LVS/guest" -cf - . | on lb1 tar -C /usr/local/sbin -xf - || fail 'the guest does not answer'
  on lb1 lab-hosts > "$RUN/hosts.log" 2>&1 < /dev/null || fail "the guest's hosts: $(tail -n 3 "$RUN/hosts.log")"
  # no connection is in it that nobody has any more
  ssh -F "$PART/ssh/config" -o ControlPath="$RUN/%n.ssh" -O exit lb1 2> /dev/null || true
}

answers_or_dead() { on lb1 true 2> /dev/null || ended "$GUEST"; }

greet() {
  await 300 answers_or_dead || true
  # its clock stands where it was saved
  on lb1 date -s "@$EPOCHREALTIME" > /dev/null 2>&1
}
