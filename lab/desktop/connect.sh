#!/bin/bash
# lab/lab connect HOST: a connection to the machine's sshd on standard input and output (ssh's ProxyCommand), over the lab's bridge.
# exec all the way: whoever ends this process ends the connection.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
pid=$(recorded "$DISPLAYS/run/console.pid") || fail "not up: lab/lab up desktop ($STATE)"
exec nsenter -t "$pid" -n -- busybox nc "$(address "$1")" 22
