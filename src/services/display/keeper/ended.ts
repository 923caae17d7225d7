import { Outer } from '../x11/outer.ts'
import type { Env } from './screen.ts'

/** How what a channel shows ends by itself, or with the terminal on which its window was. */
export type ShownEnd = 'ended' | 'terminal-lost'

/** How it ended, of what was on a terminal and is so no more: whether an X server still answers there, and lets its person in. */
export async function endOn(env: Env): Promise<ShownEnd> {
  const outer = await Outer.open(env).catch(() => undefined)
  outer?.close()
  return outer ? 'ended' : 'terminal-lost'
}

/**
 * Settles when a session or the X server that shows it has ended; rejects as the session does. With its display a session ends, too, and either may be told
 * first: why the display is gone, if it is, counts.
 *
 * @param why is asked once one of them has ended
 */
export async function untilEnded(
  session: Promise<unknown>,
  display: Promise<unknown>,
  why: () => Promise<ShownEnd>,
): Promise<ShownEnd> {
  await Promise.race([session, display])
  return await why()
}
