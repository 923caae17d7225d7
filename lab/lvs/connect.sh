#!/bin/bash
# lab/lab connect HOST: a connection to the host's sshd on standard input and output (ssh's ProxyCommand).
# exec all the way: whoever ends this process ends the connection.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
pid=$(guest_pid)
exec nsenter -t "$pid" -n -- busybox nc 127.0.0.1 "$(port "$(address "$1")")"
