import { reverse } from 'node:dns/promises'
import { hostname } from 'node:os'

/** Milliseconds for a name server; an address does as well. */
const patience = 1000

/**
 * What the terminal is called at which a person sits, from their environment: the host of DISPLAY (`term3:0`), or where their ssh comes from (`SSH_CONNECTION`,
 * ssh(1)), by its name where that is known; else this machine.
 */
export async function terminalName(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const host = /^(?:tcp\/)?([^/:]+):\d/.exec(env.DISPLAY ?? '')?.[1]
  if (host && !['localhost', 'unix', '127.0.0.1'].includes(host)) return host
  const address = /^[0-9a-fA-F.:%]{2,60}(?= )/.exec(env.SSH_CONNECTION ?? '')?.[0]
  if (!address) return hostname()
  const late = new Promise<string[]>((resolve) => setTimeout(resolve, patience, []).unref())
  const [name] = await Promise.race([reverse(address).catch(() => []), late])
  return name ? (name.split('.')[0] ?? name) : address
}
