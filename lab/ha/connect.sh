#!/bin/bash
# lab/lab connect HOST: a connection to the host's sshd on standard input and output (ssh's ProxyCommand).
# From the console's network, over the lab's bridge, so that a host that is cut off is cut off for ssh too.
# exec all the way: whoever ends this process ends the connection.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
pid=$(console_pid)
exec nsenter -t "$pid" -n -- busybox nc "$(address "$1")" 22
