# shellcheck shell=bash
# The thin client as a machine (common/guest.sh): 256 MB, a screen of 1024x768, a keyboard, and a network card on the bridge of the displays.

# In the process namespace of the displays too: when they end, it ends. QEMU makes the network device, and takes it away.
machine() {
  local console
  console=$(recorded "$CONSOLE_RECORD") || fail 'the displays have gone'
  rm -f "$SERIAL" "$SOCKET"
  start_guest consoleblank=0 nsenter -t "$console" -n -p -- -smp 1 -m 256 -device VGA,edid=on,xres=1024,yres=768 \
    -chardev "socket,id=s0,path=$SERIAL,server=on,wait=off,logfile=${CONSOLE:?}" -serial chardev:s0 -qmp "unix:$SOCKET,server=on,wait=off" \
    -netdev "tap,id=n0,ifname=tap-term3,script=$TERMINAL/tap-up,downscript=no" -device virtio-net-pci,netdev=n0,romfile=,mac=52:54:00:0a:4e:1f \
    -fw_cfg "name=opt/vdd-lab/terminal,file=$RUN/files.tar" "$@"
}

prepare() { :; }

on_or_dead() { grep -qs LAB-ON "$CONSOLE" || ended "$GUEST"; }

# It waits for the time, and takes up then what the lab has given it. The line stays open meanwhile: QEMU drops what it has not read yet of one
# that is closed.
greet() {
  await "$SLOW" test -S "$SERIAL" || return 1
  { echo "$EPOCHREALTIME" && { await 120 on_or_dead || true; }; } | socat -u - "UNIX-CONNECT:$SERIAL" || return 1
  grep -qs LAB-ON "$CONSOLE"
}
