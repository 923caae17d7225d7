import type { Answer, Said, SessionChoice, Wish } from '../opening.ts'
import { ChannelFailure } from './failure.ts'

/** Who wants the channel: is told how far it is, answers questions, and may take the wish back. */
export interface Opener {
  readonly wish: Wish
  /** is aborted when the wish is taken back; after the channel has opened nobody asks any more */
  readonly signal: AbortSignal
  say(said: Said): void
  /** the next answer; rejects when the wish is taken back */
  answer(): Promise<Answer>
}

/** Asks which session manager. @throws {ChannelFailure} there is none, or not the one that was wished */
export async function chooseSession<T extends SessionChoice>(all: readonly T[], opener: Opener): Promise<T> {
  const { session, sessions, machine } = opener.wish
  const offered = sessions ? all.filter(({ id }) => sessions.includes(id)) : all
  const there = all.map(({ id }) => id).join(', ') || 'none'
  const none = (what: string) =>
    new ChannelFailure(
      'no-session',
      `${machine.name} has no ${what}; it has: ${there}`,
      'install it there, or choose another',
    )
  if (!offered.length)
    throw none(sessions ? `session of ${sessions.join(', ')}` : 'session in /usr/share/xsessions')
  const named = (id: string) => {
    const found = offered.find((one) => one.id === id)
    if (!found) throw none(`session ${id}`)
    return found
  }
  if (session !== undefined) return named(session)
  const [first, second] = offered
  if (first && !second) return first
  opener.say({
    asks: 'session',
    choices: offered.map(({ id, name, names }) => ({ id, name, ...(names ? { names } : {}) })),
  })
  const answer = await opener.answer()
  if (!('session' in answer))
    throw new ChannelFailure('cancelled', 'a session was asked for, and something else was answered')
  return named(answer.session)
}
