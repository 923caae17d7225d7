import type { BrokerReply } from '../broker/protocol.ts'
import { Refused } from '../broker/refused.ts'
import { openScreen } from '../broker/screen.ts'
import { relay } from '../broker/serve.ts'
import { openHost } from '../fleet/open.ts'
import { say } from '../hosts/label.ts'
import type { ScreenProtocol } from '../services/screen-protocol.ts'
import { requireConfiguration } from './configured.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { findOne } from './noun.ts'
import { print } from './output.ts'
import { withFleet } from './with-fleet.ts'

/**
 * Has standard input and output be the screen of a machine, behind one line that says so: what the broker does for people, for an operator by their own
 * configuration. Resolves with the exit status.
 */
export async function relayScreen(
  name: string,
  speaks: readonly ScreenProtocol[],
  globals: GlobalOptions,
): Promise<number> {
  if (globals.demo) throw new Failure(exit.usage, say`the machines of the demo have no screens`)
  const { config } = requireConfiguration(globals)
  const machine = await withFleet(
    globals,
    false,
    async (_fleet, snapshot) => findOne('machine', name, snapshot),
    { about: ['machines'] },
  )
  const host = config.hosts.find((one) => one.name === machine.host)
  if (!host) throw new Failure(exit.unreachable, say`${machine.name}: its host is not configured`)
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort())
  process.stdout.removeAllListeners('error')
  process.stdout.on('error', () => ending.abort())
  try {
    const reached = { host: await openHost(host, config), uri: host.libvirt }
    const screen = await openScreen(reached, machine, speaks, () => true, ending.signal)
    print(JSON.stringify({ n: 1, last: true, screen: screen.protocol }))
    await relay(process.stdin, process.stdout, screen.stream, ending.signal)
    await screen.close()
    return exit.ok
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const refusal = { n: 1, last: true, no: error.no, reference: '', why: error.why } satisfies BrokerReply
    print(JSON.stringify(refusal))
    throw new Failure(error.no === 'unreachable' ? exit.unreachable : exit.failed, error.why)
  }
}
