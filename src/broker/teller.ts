import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { type BrokerRequest, replySchema } from './protocol.ts'

export type Telling = Omit<Extract<BrokerRequest, { ask: 'account' }>, 'n' | 'ask'>

/** Milliseconds in which the broker has written it down. */
const patience = 20_000

/** `written`: it stands in the account, once. `refused`: it does not belong there. `unheard`: it is to be told again. */
export type Told = 'written' | 'refused' | 'unheard'

/** Tells the broker of a channel: each time one of its own, which ends with it, since hours may lie between. */
export async function tellAccount(
  [file, ...args]: readonly [file: string, ...args: string[]],
  telling: Telling,
): Promise<Told> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: patience })
  const failed = new Promise<string>((resolve) => child.once('error', () => resolve('')))
  child.stdin.on('error', () => {})
  child.stdin.end(`${JSON.stringify({ n: 1, ask: 'account', ...telling } satisfies BrokerRequest)}\n`)
  const said = await Promise.race([text(child.stdout).catch(() => ''), failed])
  try {
    const reply = replySchema.parse(JSON.parse(said))
    if ('done' in reply) return 'written'
    // Those two pass; what is not for this person never will.
    return 'no' in reply && !['too-many', 'broken'].includes(reply.no) ? 'refused' : 'unheard'
  } catch {
    return 'unheard'
  }
}
