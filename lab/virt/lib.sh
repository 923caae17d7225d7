# shellcheck shell=bash
# What every script of this part begins with.

VIRT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${VIRT%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by those who source this, and by common/
HOSTS=$VIRT/hosts
PART=$STATE/virt     # keys and ssh configuration: kept, so that they stay valid across down and up
RUN=$PART/run        # everything of one run
# shellcheck disable=SC2034
LAUNCHER=$RUN/launcher.pid # records, see common/launch.sh
FIRST=$RUN/console.pid     # the console
# shellcheck disable=SC2034
CONSOLE_ADDRESS=10.77.0.254

address() { host_field "$1" 2; }
uuid() { host_field "$1" 3; }
