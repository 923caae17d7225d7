#!/bin/bash
# lab/lab up lvs
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/config.sh"
. "$LAB/common/lock.sh"
. "$LVS/image.sh"

write_config() {
  local host
  mkdir -p "$PART/ssh" "$KEYS"
  install -m 600 "$IMAGE/operator" "$KEYS/operator"
  for host in $(host_names); do echo "$host,$(address "$host") $(cut -d ' ' -f 1-2 "$IMAGE/host.pub")"; done > "$PART/ssh/known_hosts"
  # A handshake takes seconds in an emulated guest that is busy.
  for host in $(host_names); do ssh_host "$host" "$(address "$host")" 'ConnectTimeout 20'; done > "$PART/ssh/config"
  for host in $(host_names); do
    [ "$(role "$host")" = - ] || printf '  - name: %s\n    address: %s\n    roles: [%s]\n' "$host" "$(address "$host")" "$(role "$host")"
    # nothing but ssh leads into the guest
    [ "$(role "$host")" != frontend ] || printf '    ldap: {url: "ldap://127.0.0.1", throughSsh: true, base: "dc=example,dc=org"}\n'
  done > "$RUN/hosts.yaml"
  write_vdd_yaml
}

# In a network namespace of its own the guest reaches nothing, and its ports are nobody else's. QEMU's user-mode network is the
# guest's Ethernet: each host has its address there. The name makes the process known as this lab's.
launch() {
  local host forward=
  for host in $(host_names); do
    forward+=",hostfwd=tcp:127.0.0.1:$(port "$(address "$host")")-$(address "$host"):22"
  done
  # shellcheck disable=SC2016
  setsid unshare -n bash -c '
    set -euo pipefail
    . "$0/lib.sh"
    ip link set lo up
    record "$GUEST"
    exec env TMPDIR="$RUN" qemu-system-x86_64 -name "$STATE" -accel tcg,thread=multi -M q35 -cpu max -smp 2 -m 640 "$@"
  ' "$LVS" -nodefaults -display none -no-reboot -serial "file:$RUN/console.log" \
    -kernel "$IMAGE/vmlinux" -initrd "$IMAGE/initrd.img" \
    -append 'console=ttyS0 quiet loglevel=3 net.ifnames=0 panic=-1 mitigations=off systemd.show_status=0' \
    -drive "file=$IMAGE/root.ext4,if=none,id=d0,format=raw,snapshot=on,cache=unsafe" -device virtio-blk-pci,drive=d0 \
    -netdev "user,id=n0,net=10.9.0.0/24,host=10.9.0.254,restrict=on$forward" -device virtio-net-pci,netdev=n0,romfile= \
    -object rng-random,filename=/dev/urandom,id=r0 -device virtio-rng-pci,rng=r0 \
    > "$RUN/qemu.log" 2>&1 < /dev/null 9>&- &
  disown # or bash reports its end as an accident
}

# Not before it says so: QEMU accepts a connection at once, and the first packets to a guest that does not listen yet are lost.
booted_or_dead() { grep -qs LAB-READY "$RUN/console.log" || ended "$GUEST"; }

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end "$GUEST" || true
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

need_root
need_packages "$LVS/packages"
lock
if lab_is_up; then
  say "already up ($STATE)"
  exit 0
fi
end "$GUEST" || fail 'an earlier guest does not end'
rm -rf "$RUN"
image_is_right || build_image
began=${EPOCHREALTIME/./}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say "hosts $(host_names | xargs): a Debian guest with ip_vs under QEMU ($STATE)"
mkdir -p "$RUN"
write_config
launch
await 5 test -e "$GUEST" || fail "QEMU did not start ($RUN/qemu.log)"
await 240 booted_or_dead || true
grep -qs LAB-READY "$RUN/console.log" || fail "the guest did not come up ($RUN/console.log)"
tar -C "$LVS/guest" -cf - . | on lb1 tar -C /usr/local/sbin -xf - || fail 'the guest does not answer'
on lb1 lab-hosts > "$RUN/hosts.log" 2>&1 < /dev/null || fail "the guest's hosts: $(tail -n 3 "$RUN/hosts.log")"
touch "$RUN/ready"
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: vdd --config \"\$(lab/lab config)\""
