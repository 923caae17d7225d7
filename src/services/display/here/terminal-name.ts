import { hostname } from 'node:os'
import { printed } from './printed.ts'

/** Milliseconds for a name server; an address does as well. */
const usualPatience = 1000
/** Letters of a name. */
const longest = 200

type Env = Readonly<Record<string, string | undefined>>

/** Where the ssh of a person comes from, from their environment (`SSH_CONNECTION`, ssh(1)); undefined: they came in another way. */
export function terminalAddress(env: Env): string | undefined {
  return /^[0-9a-fA-F.:%]{2,60}(?= )/.exec(env.SSH_CONNECTION ?? '')?.[0]
}

/**
 * What the terminal is called at which a person sits, from their environment: the host of DISPLAY (`term3:0`), or where their ssh comes from, by its name where
 * that is known; else this machine.
 *
 * @param patience milliseconds for the name
 */
export async function terminalName(env: Env, patience = usualPatience): Promise<string> {
  const host = /^(?:tcp\/)?([^/:]+):\d/.exec(env.DISPLAY ?? '')?.[1]
  if (host && !['localhost', 'unix', '127.0.0.1'].includes(host)) return host.slice(0, longest)
  const address = terminalAddress(env)
  if (!address) return hostname()
  // As the system has it, wherever it has it from (getent(1)): a resolver of one's own does not tell the one name of a line of /etc/hosts.
  const line = await printed(['getent', 'hosts', address], { patience })
  const [, name] = /^\S+\s+([^\s.]+)/.exec(line ?? '') ?? []
  return name?.slice(0, longest) ?? address
}
