#!/bin/bash
# lab/lab console COMMAND...: in the console's network namespace, otherwise as it is out here
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
[ $# -gt 0 ] || set -- "${SHELL:-/bin/bash}"
pid=$(console_pid)
exec nsenter -t "$pid" -n -- "$@"
