# shellcheck shell=bash
# The power switch of a host.

# switch_on HOST CONSOLE-PID: by a process in the namespaces of the part's first one, whose pid this is as /proc has it here
switch_on() {
  unshare -n -m -u -i -p --fork --kill-child \
    bash "$HA/host-init.sh" "$STATE" "$1" "$2" >> "$RUN/$1/init.log" 2>&1 < /dev/null &
}

# switch_off HOST: the kernel kills all that is in the host with its first process. What it wrote to disk stays, its part of the network does not.
switch_off() {
  end "$RUN/$1/init.pid" || fail "host $1 does not end"
  rm -f "$RUN/$1/booted"
}
