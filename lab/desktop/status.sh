#!/bin/bash
# lab/lab status: exit code 3 if not up; a machine that is off is
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if ! lab_is_up; then
  if [ -e "$RUN" ]; then echo "desktop: half up, or coming up ($STATE)"; else echo "desktop: down ($STATE)"; fi
  exit 3
fi
echo "desktop: up ($STATE)"
for host in $(host_names); do
  if hypervisor=$(where_it_is "$host"); then echo "  $host: $(address "$host"), on $hypervisor"; else echo "  $host: off"; fi
done
