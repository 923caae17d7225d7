import { nap } from './nap.ts'

/** How often the loop that answers keys says that it lives, in milliseconds. */
const beatEvery = 2000

/**
 * Shows that the loop of this program turns: it waits for a moment again and again, which the kernel counts (`voluntary_ctxt_switches`) and
 * the launcher looks at (bin/vdd). A program that is caught in its own work waits for nothing. Returns what ends that.
 */
export function showLife(): () => void {
  const beat = setInterval(() => nap(1), beatEvery).unref()
  return () => clearInterval(beat)
}
