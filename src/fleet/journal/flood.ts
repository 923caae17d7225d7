import { label, say } from '../../hosts/label.ts'
import { clock } from '../../text/format.ts'
import { hostConcern } from '../ref.ts'
import type { NewEntry } from './entries.ts'

/** So many lines of the logs of one host are kept of each minute, ten each second: a host that repeats itself must not push all others out of the journal. */
export const mostOfMinute = 600
/** Minutes of a host of which the lines are counted: its logs are read one after the other. */
const remembered = 240
const minute = 60_000

/** Keeps the logs of one host from filling the journal. */
export class Flood {
  /** by host: how many lines were told of each minute, which is counted from the epoch */
  readonly #told = new Map<string, ReadonlyMap<number, number>>()

  /**
   * The entries that are kept of what a log told. Of each minute that has too many, one says how many are left out.
   *
   * @returns `taken` is to be called once they are written
   */
  kept(host: string, file: string, entries: readonly NewEntry[]) {
    const told = new Map(this.#told.get(host))
    const out = new Map<number, number>()
    const kept = entries.filter(({ at, raw }) => {
      // What vdd itself says of a log is no line of it.
      if (raw === undefined) return true
      const of = Math.floor(at / minute)
      const count = (told.get(of) ?? 0) + 1
      told.set(of, count)
      if (count > mostOfMinute) out.set(of, (out.get(of) ?? 0) + 1)
      return count <= mostOfMinute
    })
    const said = [...out].map(([of, count]) => leftOut(host, file, of * minute, count))
    const taken = () => {
      this.#told.set(host, new Map([...told].slice(-remembered)))
    }
    return { entries: [...kept, ...said], taken }
  }
}

function leftOut(host: string, file: string, from: number, count: number): NewEntry {
  const lines = count === 1 ? say`1 more line` : say`${count} more lines`
  return {
    at: from + minute - 1,
    kind: 'seen',
    severity: 'warning',
    type: 'journal.lost',
    host,
    about: hostConcern(host).about,
    text: say`${lines} of ${label(file)} from ${clock(from)} on are not kept: the logs of the host told of more than ${mostOfMinute} events in that minute`,
  }
}
