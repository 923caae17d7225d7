import { isIPv6 } from 'node:net'

/** Addresses of IPv6 have many spellings; this is the one of RFC 5952, by which ipvsadm shows them. */
export function asTheKernel(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address
}

/** `10.9.0.11:389`, with the brackets of an IPv6 address. */
export function joinAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
