import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { parseJson } from '../hosts/json.ts'
import type { Look } from '../services/display/keeper/viewing.ts'
import type { lookSteps } from '../services/display/opening.ts'
import { type BrokerRequest, replySchema } from './protocol.ts'

export type Telling = Omit<Extract<BrokerRequest, { ask: 'account' }>, 'n' | 'ask'>

/** Milliseconds in which the broker has written it down. */
const patience = 20_000

/** `written`: it stands in the account, once. `refused`: it does not belong there. `unheard`: it is to be told again. */
export type Told = 'written' | 'refused' | 'unheard'

type Command = readonly [file: string, ...args: string[]]

/** Tells the broker of a channel for the account. */
export async function tellAccount(broker: Command, telling: Telling): Promise<Told> {
  return await tell(broker, { n: 1, ask: 'account', ...telling })
}

/** Tells the broker why a channel did not open, for whoever is asked about it. */
export async function tellFailure(
  broker: Command,
  failure: Omit<Extract<BrokerRequest, { ask: 'failed' }>, 'n' | 'ask'>,
): Promise<Told> {
  return await tell(broker, {
    n: 1,
    ask: 'failed',
    ...failure,
    reason: failure.reason.slice(0, longestReason),
  })
}

/** Has the broker write down who looks at a channel. `refused`: nobody may. */
export async function tellLook(broker: Command, what: (typeof lookSteps)[number], look: Look): Promise<Told> {
  const by = look.by.slice(0, longestName)
  return await tell(broker, { n: 1, ask: 'look', what, ...look, by })
}

/** Characters. */
const longestName = 200
/** Characters, of what is told in full to the person. */
const longestReason = 1000

/** Each time a broker of its own, since hours may lie between. Once it has answered it is not waited for. */
async function tell([file, ...args]: Command, request: BrokerRequest): Promise<Told> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const failed = Promise.withResolvers<string>()
  child.once('error', () => failed.resolve(''))
  // What sudo has started cannot be ended from here, perhaps: it is not waited for either.
  const deadline = setTimeout(() => {
    child.kill()
    failed.resolve('')
  }, patience)
  child.stdin.on('error', () => {})
  child.stdin.end(`${JSON.stringify(request)}\n`)
  const said = await Promise.race([firstLine(child.stdout), failed.promise])
  clearTimeout(deadline)
  child.stdout.destroy()
  child.unref()
  return toldBy(said)
}

/** Empty: it ends without one. */
async function firstLine(input: Readable): Promise<string> {
  try {
    for await (const line of createInterface(input)) return line
  } catch {
    // Like an end.
  }
  return ''
}

function toldBy(said: string): Told {
  try {
    const reply = replySchema.parse(parseJson(said))
    if ('done' in reply) return 'written'
    // Those two pass; what is not for this person never will.
    return 'no' in reply && !['too-many', 'broken'].includes(reply.no) ? 'refused' : 'unheard'
  } catch {
    return 'unheard'
  }
}
