# shellcheck shell=bash
# What every script of this part begins with.

HA=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${HA%/*}
# shellcheck disable=SC2034
VIRT=$LAB/virt # of which libvirt on its hosts is taken
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by those who source this, and by common/
HOSTS=$HA/hosts
PART=$STATE/ha # keys and ssh configuration: kept, so that they stay valid across down and up
RUN=$PART/run  # everything of one run
# shellcheck disable=SC2034
{
  LAUNCHER=$RUN/launcher.pid # records, see common/launch.sh
  FIRST=$RUN/console.pid     # the console
  CONSOLE_ADDRESS=10.79.0.254
}

address() { host_field "$1" 2; }
kind() { host_field "$1" 3; }
uuid() { host_field "$1" 4; }
# whether machines run there: "up ha machines"
is_hypervisor() { [ -d "$RUN/$1/libvirt" ]; }
# of a kind
hosts_of() { awk -v kind="$1" '/^[a-z]/ && $3 == kind { print $1 }' "$HOSTS"; }
