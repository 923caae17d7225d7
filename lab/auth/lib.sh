# shellcheck shell=bash
# What every script of this part begins with.

AUTH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${AUTH%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by those who source this, and by common/
HOSTS=$AUTH/hosts
PART=$STATE/auth # keys, certificates, passwords and ssh configuration: kept, so that they stay valid across down and up
RUN=$PART/run    # everything of one run
# shellcheck disable=SC2034
{
  TLS=$PART/tls
  SECRETS=$PART/secrets
  LAUNCHER=$RUN/launcher.pid # records, see common/launch.sh
  FIRST=$RUN/first.pid
  SSH_PORT=10022
}

# Two bytes of the hash of the lab's directory, so that labs in different directories run side by side on the one
# loopback interface. 16 and up: below, people have resolvers and the like of their own.
network() {
  local hash
  hash=$(printf %s "$STATE" | sha256sum)
  echo "127.$((16 + 0x${hash:0:4} % 235)).$((0x${hash:4:2}))"
}
NETWORK=$(network)

address() { echo "$NETWORK.$(host_field "$1" 2)"; }
role() { host_field "$1" 3; }
descriptors() { host_field "$1" 4; }
certificate() { host_field "$1" 5; }
provider() { awk '$3 == "directory" { print $1 }' "$HOSTS"; }
frontends() { awk '$3 == "frontend" { print $1 }' "$HOSTS"; }
secret() { cat "$SECRETS/$1"; }
