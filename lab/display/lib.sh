# shellcheck shell=bash
# What every script of this part begins with.

DISPLAY_PART=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${DISPLAY_PART%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by those who source this, and by common/
HOSTS=$DISPLAY_PART/hosts
# shellcheck disable=SC2034
PEOPLE=$DISPLAY_PART/people
PART=$STATE/display # keys, passwords and ssh configuration: kept, so that they stay valid across down and up
RUN=$PART/run       # everything of one run
# shellcheck disable=SC2034
{
  SECRETS=$PART/secrets
  LAUNCHER=$RUN/launcher.pid # records, see common/launch.sh
  FIRST=$RUN/console.pid     # the console
  CONSOLE_ADDRESS=10.78.0.254
}

address() { host_field "$1" 2; }
kind() { host_field "$1" 3; }
servers() { awk '/^[a-z]/ && $3 == "server" { print $1 }' "$HOSTS"; }
machines() { awk '/^[a-z]/ && $3 == "machine" { print $1 }' "$HOSTS"; }
hosts_with_sshd() { awk '/^[a-z]/ && $3 != "terminal" { print $1 }' "$HOSTS"; }
