#!/bin/bash
# lab/lab connect HOST: a connection to the host's sshd on standard input and output (ssh's ProxyCommand).
# exec all the way: whoever ends this process ends the connection.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
host_pid "$1" > /dev/null
exec socat - "TCP:$(address "$1"):$SSH_PORT,nodelay"
