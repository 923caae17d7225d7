import { HostError } from '../../hosts/host.ts'
import { label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { parseAddresses } from '../addresses.ts'
import type { NodeAsking } from '../node-watch.ts'
import type { ConfiguredInstance, Instance, KeepalivedFacts } from './facts.ts'
import { parseInstances, parseTold, type ToldInstance } from './parse.ts'

interface KeepalivedAsking extends NodeAsking {
  /** what needs root through `sudo -n` */
  readonly sudo: boolean
}

const configFile = '/etc/keepalived/keepalived.conf'

/**
 * It writes its states into a file when it gets a signal, whose number is not the same everywhere, and takes some milliseconds for it: half a file is no
 * answer, and asked for again. Anybody may put a link there, and who reads as root does not follow it.
 */
function told(sudo: boolean): string {
  const asRoot = sudo ? 'sudo -n ' : ''
  return `(
for pid in /run/vrrp.pid /run/keepalived/vrrp.pid /run/keepalived_vrrp.pid; do [ -e $pid ] && break; done
signal=$(keepalived --signum=JSON 2>/dev/null) &&
  ${asRoot}pkill --signal "$signal" -F "$pid" 2>/dev/null && sleep 0.1 &&
  ${asRoot}dd if=/tmp/keepalived.json iflag=nofollow status=none 2>/dev/null
)`
}

/** What moves slowly, or is dear to ask. */
export interface Slow {
  readonly configured: readonly ConfiguredInstance[]
  /** none: this account may not ask, or it does not run */
  readonly told?: readonly ToldInstance[]
}

/** What is configured, and what keepalived says. @throws {HostError} refused: its configuration may not be read */
export async function readSlow({ host, shell, sudo, timeout }: KeepalivedAsking): Promise<Slow> {
  const asRoot = sudo ? ['sudo', '-n'] : []
  const [config, states] = await Promise.all([
    shell.run([...asRoot, 'cat', configFile], timeout),
    shell.script(told(sudo), timeout),
  ])
  if (config.code !== 0)
    throw new HostError(
      'refused',
      host,
      say`the configuration of keepalived cannot be read: ${label(config.stderr.trim().split('\n')[0] ?? '')}`,
      say`may this account read ${label(configFile)}? docs/permissions.md`,
    )
  const configured = parseInstances(config.stdout)
  if (configured.length > limits.carried)
    throw new HostError(
      'overflow',
      host,
      say`${label(configFile)} has ${configured.length} instances, and more than ${limits.carried} are not read`,
    )
  const answer = states.code === 0 ? parseTold(states.stdout) : undefined
  return { configured, ...(answer ? { told: answer } : {}) }
}

/** Which addresses the host has now, and whether keepalived runs. @throws {HostError} refused: its addresses cannot be read */
export async function readKeepalived(
  { host, shell, timeout }: NodeAsking,
  { configured, told: said }: Slow,
): Promise<KeepalivedFacts> {
  const [name, addresses, running] = await Promise.all([
    shell.run(['uname', '-n'], timeout),
    shell.run(['ip', '-o', 'addr', 'show'], timeout),
    shell.run(['pgrep', '-x', 'keepalived'], timeout),
  ])
  if (addresses.code !== 0) throw new HostError('refused', host, say`its addresses cannot be read`)
  const held = parseAddresses(addresses.stdout)
  const byName = new Map(said?.map((one) => [one.name, one]))
  const isRunning = running.code === 0
  return {
    self: label(name.stdout.trim()),
    isRunning,
    isTold: said !== undefined,
    instances: configured.map((one): Instance => {
      const now = isRunning ? byName.get(one.name) : undefined
      const { addresses: own } = one
      const isHere = own.length ? own.every((address) => held.has(address)) : now?.state === 'master'
      return { ...one, ...now, isHere }
    }),
  }
}
