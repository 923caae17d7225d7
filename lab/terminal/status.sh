#!/bin/bash
# lab/lab status: exit code 3 if not up; a terminal that is switched off is
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if ! lab_is_up; then
  if recorded "$GUEST" > /dev/null; then echo "terminal: half up, or coming up ($STATE)"; else echo "terminal: down ($STATE)"; fi
  exit 3
fi
echo "terminal: up ($STATE)"
for host in $(host_names); do
  if pid=$(recorded "$GUEST"); then echo "  $host: $(address "$host"), on ($pid)"; else echo "  $host: off"; fi
done
