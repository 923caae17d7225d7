#!/bin/bash
# lab/lab shell HOST [COMMAND...]: inside the host, as root, without ssh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
[ $# -gt 1 ] || set -- "$1" bash -l
enter "$@"
