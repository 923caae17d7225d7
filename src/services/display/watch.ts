import { defined } from '../../hosts/defined.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { type PollOptions, Rounds } from '../../hosts/rounds.ts'
import { inSlices } from '../../hosts/slices.ts'
import { type Place, readSight } from './client.ts'
import type { DisplaySink } from './facts.ts'
import type { ReadTerminals } from './read-told.ts'

type DisplayWatchOptions = Place & PollOptions<DisplaySink>

/** Milliseconds: an answer takes that long or less, each time differently; a clock that is off by more is another one. */
const onTheWay = 1_000

/** Watches the X displays of a display server, and the channels that have them. */
export function watchDisplays({ host, vdd, interval, sink, now }: DisplayWatchOptions): Rounds {
  /** what the clock of this console is ahead of that of the display server; it stays, so that the same moment stays the same number */
  let ahead: number | undefined
  /** the terminals of which it told, by that clock */
  let known: Required<ReadTerminals> | undefined
  const clockAt = (ours: number) => (theirs: number) => {
    const found = ours - theirs
    const kept = ahead !== undefined && Math.abs(found - ahead) <= onTheWay ? ahead : found
    ahead = kept
    return (time: number) => time + kept
  }
  return new Rounds({
    host: host.name,
    interval,
    now,
    look: async (signal) => {
      // The reader brings much with it, and few have display servers.
      const reader = import('./parse.ts')
      const before = { known, ahead }
      // Whatever happens now: who is not understood, or has another vdd than before, is asked for all.
      known = undefined
      const text = await readSight({ host, vdd }, before.known?.mark, signal)
      // It was so when it was told, however long the reading takes.
      const at = now()
      const { sightSteps } = await reader
      const sight = await inSlices(sightSteps(text, clockAt(at), before.known?.all))
      if ('wrong' in sight)
        throw new HostError('refused', host.name, sight.wrong, say`install the vdd there that runs here`)
      const { displays, faults, left, logins, terminals: told } = sight
      const terminals = told?.all ?? (told && before.known?.all)
      // Times of another clock are asked for anew.
      if (told && terminals && (told.all || ahead === before.ahead))
        known = { mark: told.mark, all: terminals }
      if (!signal.aborted)
        sink.reading({ host: host.name, at, displays, faults, left, ...defined({ terminals, logins }) })
    },
    failed: (error) => sink.trouble(host.name, error),
  })
}
