# shellcheck shell=bash
# The machine as a guest of a hypervisor.
. "$LAB/display/outside.sh"

# what it is known by
machine_known() { echo "$1,$(address "$1") $(cut -d ' ' -f 1-2 "$KEYS/sshd-$1.pub")"; }

# machine_files HOST: what it takes from the lab when it starts, as $RUN/HOST.tar
machine_files() {
  local host=$1 dir=$RUN/$1
  own_files "$host"
  mkdir -p "$dir"/etc/{ssh,xdg/openbox}
  cp "$DESKTOP/autostart" "$dir/etc/xdg/openbox/autostart"
  install -m 600 "$KEYS/sshd-$host" "$dir/etc/ssh/hostkey"
  (umask 077 && mkdir -p "$dir/root/.ssh" && cp "$KEYS/operator.pub" "$dir/root/.ssh/authorized_keys")
  (umask 077 && tar -C "$dir" --numeric-owner -cf "$RUN/$host.tar" etc home root)
}

# define_machine HOST: on the first hypervisor, switched off
define_machine() {
  sed -e "s|@NAME@|$1|; s|@IMAGE@|$IMAGE|; s|@RUN@|$RUN|" "$DESKTOP/machine.xml" > "$RUN/$1.xml"
  on_hypervisor "$(hypervisors | head -n 1)" virsh -q define "$RUN/$1.xml" > /dev/null
}

# forget_machine HOST: wherever it is, and in whatever state
forget_machine() {
  local hypervisor
  for hypervisor in $(hypervisors); do
    # shellcheck disable=SC2016
    on_hypervisor "$hypervisor" timeout -s KILL 60 sh -c 'virsh -q destroy "$1"; virsh -q undefine "$1"' sh "$1" > /dev/null 2>&1 || true
  done
}
