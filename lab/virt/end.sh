# shellcheck shell=bash
# The end of a run. One kill takes the console's pid namespace with everything in it: hosts, daemons, guests, and
# with them their namespaces, mounts and interfaces.

# The launcher holds the lab from before it exists; the console only from when it has written its record.
end_lab() {
  local record
  for record in "$LAUNCHER" "$CONSOLE"; do
    end "$record" || fail "$record: that process does not end"
  done
  rm -f "$RUN/ready"
}
