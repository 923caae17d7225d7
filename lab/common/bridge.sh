# shellcheck shell=bash
# The network of a part that has one: a bridge, in the network namespace of the part's first process, and the hosts on it. Two such parts that
# are up at once are one network, of 10.76.0.0/14.

# make_bridge ADDRESS: by the first process of the part, which is at this address
make_bridge() {
  ip link set lo up
  ip link add br0 type bridge
  ip addr add "$1/14" dev br0
  ip link set br0 up
}

# join_bridge HOST CONSOLE-PID: by the first process of a host, while /proc still is the one that knows the pid. The bridge has it as host-HOST.
join_bridge() {
  local console=/proc/$2/ns/net
  ip link add eth0 type veth peer name "host-$1" netns "$console"
  nsenter --net="$console" ip link set "host-$1" master br0 up
  ip link set lo up
  ip addr add "$(address "$1")/14" dev eth0
  ip link set eth0 up
}

# guests_bridge HOST: by the first process of a host whose guests are on this network too. Its address moves to the bridge, as it is usual.
guests_bridge() {
  ip addr flush dev eth0
  ip link add br0 type bridge
  ip link set eth0 master br0
  ip addr add "$(address "$1")/14" dev br0
  ip link set br0 up
}

# join_part PART: by a part that is up, with another one. The cable goes away with either of them.
join_part() {
  local here there
  [ -e "$STATE/$1/run/ready" ] && there=$(recorded "$STATE/$1/run/console.pid") || return 0
  here=$(recorded "$FIRST")
  # both may do it at once
  ip link add "part-$1" netns "$here" type veth peer name "part-${PART##*/}" netns "$there" 2> /dev/null || return 0
  nsenter -t "$here" -n ip link set "part-$1" master br0 up
  nsenter -t "$there" -n ip link set "part-${PART##*/}" master br0 up
}
