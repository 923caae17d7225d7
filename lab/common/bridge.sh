# shellcheck shell=bash
# The network of a part that has one: a bridge, in the network namespace of the part's first process, and the hosts on it.

# make_bridge ADDRESS: by the first process of the part, which is at this address
make_bridge() {
  ip link set lo up
  ip link add br0 type bridge
  ip addr add "$1/24" dev br0
  ip link set br0 up
}

# join_bridge HOST CONSOLE-PID: by the first process of a host, while /proc still is the one that knows the pid. The bridge has it as host-HOST.
join_bridge() {
  local console=/proc/$2/ns/net
  ip link add eth0 type veth peer name "host-$1" netns "$console"
  nsenter --net="$console" ip link set "host-$1" master br0 up
  ip link set lo up
  ip addr add "$(address "$1")/24" dev eth0
  ip link set eth0 up
}
