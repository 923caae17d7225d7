import { type Raw, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'

/** Which resources go over: those of the node's own lines of haresources, those of the others', or both. */
export type Which = 'all' | 'local' | 'foreign'

/** Where the scripts are, in no PATH, and where they write: who may write there may move resources (hb_takeover(1)). */
export const takeover = { directory: '/usr/share/heartbeat', fifo: '/var/lib/heartbeat/fifo' }

/** The node that is told. */
interface Told {
  readonly host: string
  readonly sudo: boolean
}

/** Milliseconds: they only write into a fifo, and heartbeat does the rest by itself. */
const timeout = 10_000

function script({ host, sudo }: Told, name: 'hb_takeover' | 'hb_standby', which: Which): Omit<Step, 'what'> {
  const argv: readonly [Raw, ...Raw[]] = [`${takeover.directory}/${name}`, which]
  return { host, argv: sudo ? ['sudo', '-n', ...argv] : [...argv], timeout }
}

export function isOfHeartbeat({ argv }: Step): boolean {
  return argv.some((word) => word.startsWith(`${takeover.directory}/hb_`))
}

/** This node takes what the other has. */
export function takeOver(on: Told, which: Which): Step {
  return { ...script(on, 'hb_takeover', which), what: say`take over` }
}

/** This node gives what it has to the other. */
export function giveUp(on: Told, which: Which): Step {
  return { ...script(on, 'hb_standby', which), what: say`give up` }
}
