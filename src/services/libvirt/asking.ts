import type { Answer } from '../../hosts/conversation.ts'
import type { Raw } from '../../hosts/label.ts'
import type { Virsh } from './client.ts'
import { refusal } from './refusal.ts'

/** A virsh session with the deadline that is in force for each of its commands. */
export interface VirshAsking {
  readonly host: string
  readonly session: Virsh
  readonly timeout: number
}

/** The answer to a command; throws when virsh complains. */
export async function answerTo({ host, session, timeout }: VirshAsking, ...words: Raw[]): Promise<Answer> {
  const answer = await session.command(words, timeout)
  if (answer.err) throw refusal(host, answer.err)
  return answer
}

/** The same as text. */
export async function ask(asking: VirshAsking, ...words: Raw[]): Promise<string> {
  return (await answerTo(asking, ...words)).out
}

/** Commands given at once where each machine costs some: a deadline counts from when a command was given. */
const atOnce = 5
/** Milliseconds of one look that may go into what is asked machine by machine. */
const budget = 500

/**
 * Works through the items a few at a time until the time is over; at least the first few are done. What is left waits for the
 * next look, so that many machines or a slow host do not delay the states.
 */
export async function withinBudget<T>(
  items: readonly T[],
  now: () => number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const end = now() + budget
  for (let i = 0; i < items.length && (i === 0 || now() < end); i += atOnce)
    await Promise.all(items.slice(i, i + atOnce).map(work))
}
