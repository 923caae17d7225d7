#!/bin/bash
# lab/lab shell HOST [COMMAND...]: on the machine, as root, by ssh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
need_lab
host=$1
shift
[ $# -gt 0 ] || exec ssh -F "$PART/ssh/config" "$host"
# a login takes a second in the guest, so it is kept for a minute
exec ssh -F "$PART/ssh/config" -o BatchMode=yes -o LogLevel=ERROR -o ConnectTimeout=20 -o ServerAliveInterval=5 \
  -o ControlMaster=auto -o ControlPersist=60 -o ControlPath="$RUN/%n.ssh" "$host" "${*@Q}"
