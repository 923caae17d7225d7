#!/bin/bash
# lab/lab clock HOST SECONDS: what `date` says on a host is so much ahead, or with - behind; 0: right again. All hosts share the kernel's
# clock, so their daemons and logs stay as they are.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
[[ ${2:-} =~ ^-?[0-9]{1,9}$ ]] || fail "clock HOST SECONDS"
# Before /usr/bin in everybody's PATH.
enter "$1" tee /usr/local/bin/date > /dev/null << END
#!/bin/sh
exec /usr/bin/date -d '$2 seconds' "\$@"
END
enter "$1" chmod 755 /usr/local/bin/date
