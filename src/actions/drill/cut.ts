import { label, say } from '../../hosts/label.ts'
import type { Breaking } from './kind.ts'

/**
 * The link with an address of the host: nothing comes in by it and nothing goes out, as if its switch were dead; its addresses, routes and state stay as they are,
 * so that there is nothing to be lost when it is put back. By the traffic control of the kernel (tc-matchall(8)), or by iptables where that has no such.
 */
export function cut(address: string): Breaking {
  return {
    title: say`cuts the link that has ${label(address)}: nothing comes in or goes out by it`,
    past: say`cut`,
    back: say`mends it`,
    words: [address],
    checks: `PATH=$PATH:/usr/sbin:/sbin
dev=$(ip -o addr show | while read -r number name family place rest; do [ "\${place%/*}" = "$1" ] && [ "$name" != lo ] && echo "$name"; done | head -n 1)
[ -n "$dev" ] || { echo "no link here has $1" >&2; exit 1; }
echo "$dev" > "$dir/dev"
case $(tc qdisc show dev "$dev") in *clsact*|*ingress*) echo "$dev is under traffic control by somebody else" >&2; exit 1 ;; esac`,
    breaks: `drop() { tc filter add dev "$dev" "$1" matchall action drop; }
{ tc qdisc add dev "$dev" clsact && drop ingress && drop egress; } 2> /dev/null || {
  tc qdisc del dev "$dev" clsact 2> /dev/null
  for tables in ip6tables iptables; do
    $tables -t raw -I PREROUTING -i "$dev" -j DROP && $tables -t raw -I OUTPUT -o "$dev" -j DROP || [ $tables = ip6tables ]
  done
}`,
    putsBack: `PATH=$PATH:/usr/sbin:/sbin
dev=$(cat "$dir/dev")
tc qdisc del dev "$dev" clsact
for tables in iptables ip6tables; do
  $tables -t raw -D PREROUTING -i "$dev" -j DROP
  $tables -t raw -D OUTPUT -o "$dev" -j DROP
done`,
    isSilent: true,
  }
}
