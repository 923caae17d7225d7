/**
 * `ip -o addr show`: the addresses at which others reach the host, without the length of their networks. Those of `lo` are none: a balancer
 * that stands by and is a real server, too, has the virtual address there (ocf:heartbeat:IPaddr2, lvs_support).
 */
export function parseAddresses(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^\d+: +(?!lo )\S+ +inet6? ([0-9a-fA-F:.]+)/gm)].map(([, address = '']) => address),
  )
}
