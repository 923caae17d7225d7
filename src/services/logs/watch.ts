import { wallTime } from '../../hosts/clock.ts'
import type { Host } from '../../hosts/host.ts'
import type { PollOptions, Rounds } from '../../hosts/rounds.ts'
import type { Shell } from '../../hosts/shell.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import type { Zone } from '../log-time.ts'
import { type LogAsking, readFiles, readTime, readZone } from './client.ts'
import { type ClockSample, journalName, type LogPlaces, type LogPosition, type LogSink } from './facts.ts'
import { readJournal, readJournalState } from './journald.ts'
import type { HostTime, LogFile } from './parse.ts'
import { nextPiece } from './pieces.ts'
import { filesOf, isOfMany, placesOf } from './places.ts'
import { needsJournal, type Where, whereToRead } from './where.ts'

interface LogWatchOptions extends PollOptions<LogSink> {
  readonly host: Host
  readonly logs: readonly LogPlaces[]
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000
/** Pieces of one log that are read in a look: what is more waits for the next one. */
const mostPieces = 32
/** Milliseconds for which a zone is remembered. */
const zoneFor = 600_000

/** Watches the clock of a host, and reads its logs on from where anybody has read them. */
export function watchLogs({ host, logs, interval, sink, now }: LogWatchOptions): Rounds {
  const { name } = host
  const all = logs.flatMap((one) => one.files)
  const journal = new JournalWatch()
  let known: { readonly zone: Zone; readonly at: number } | undefined
  const zoneBy = async (asking: LogAsking) => {
    if (!known || now() - known.at > zoneFor) known = { zone: await readZone(asking), at: now() }
    return known.zone
  }
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell: Shell, signal) => {
      const asking = { host: name, shell, timeout }
      const asked = now()
      const asksTime = readTime(asking).then((time) => ({ time, heard: now() }))
      // All are asked in one breath.
      const [{ time, heard }, found] = await Promise.all([
        asksTime,
        all.length ? readFiles(asking, all) : undefined,
      ])
      if (signal.aborted) return
      sink.clock(sampled(name, time, asked, heard))
      if (!found) return
      const state = needsJournal(logs, found) ? await readJournalState(asking) : undefined
      const { files, passedOver, inJournal } = whereToRead(logs, found, state)
      const denied = placesOf(found.denied, all).filter((place) => !passedOver.includes(place))
      sink.denied(name, [...denied, ...(state?.denied ?? [])])
      const reading = { sink, zone: await zoneBy(asking), now: time.at, signal }
      for (const place of files) {
        const file = found.files.find(({ path }) => path === place)
        if (!isOfMany(place)) await readOn(asking, place, file, reading)
        else
          for (const one of filesOf(place, found.files))
            await readOn(asking, one.path, one, reading, atFirstOfMany)
      }
      if (state?.mark !== undefined && inJournal.length)
        await journal.read(asking, { inJournal, passedOver }, state.mark, reading)
    },
    failed: (error) => sink.trouble(name, error),
  })
}

interface Reading {
  readonly sink: LogSink
  readonly zone: Zone
  /** by the clock of the host */
  readonly now: number
  readonly signal: AbortSignal
}

/** Bytes that are read at first of each of many files, from its end. */
const atFirstOfMany = 65_536

async function readOn(
  asking: LogAsking,
  path: string,
  file: LogFile | undefined,
  { sink, zone, now, signal }: Reading,
  atFirst?: number,
): Promise<void> {
  const { host } = asking
  for (let i = 0; i < mostPieces; i++) {
    const from = sink.position(host, path)
    const piece = await nextPiece(asking, path, file, from && 'inode' in from ? from : undefined, atFirst)
    if (!piece || signal.aborted) return
    const { lines, to, isCurrent, gap } = piece
    const latest = isCurrent ? now : latestIn(to.written, now)
    const about = { host, file: path, zone, latest, ...(gap ? { gap } : {}) }
    if (!sink.take({ ...about, lines, from, to })) return
  }
}

/** Reads the journal of one host on. It is not asked again as long as it stands as it was read. */
class JournalWatch {
  #read: string | undefined

  async read(
    asking: LogAsking,
    { inJournal, passedOver }: Pick<Where, 'inJournal' | 'passedOver'>,
    mark: string,
    { sink, zone, now, signal }: Reading,
  ): Promise<void> {
    const { host } = asking
    const stands = [mark, ...inJournal.flatMap(({ called }) => called)].join('\n')
    if (stands === this.#read) return
    for (let i = 0; i < mostPieces; i++) {
      const from = sink.position(host, journalName)
      const since = readUntil(passedOver.map((path) => sink.position(host, path)))
      const piece = await readJournal(asking, inJournal, from && 'cursor' in from ? from : undefined, since)
      if (signal.aborted) return
      if (
        piece &&
        !sink.take({ host, file: journalName, lines: piece.lines, from, to: piece.to, zone, latest: now })
      )
        return
      if (piece?.isFull) continue
      this.#read = stands
      return
    }
  }
}

/** What was read of files by syslog was written before this, in seconds since the epoch: the journal has it, too. */
export function readUntil(positions: readonly (LogPosition | undefined)[]): number | undefined {
  const written = positions.flatMap((one) => (one && 'written' in one ? one.written : []))
  return written.length ? Math.max(...written) + 1 : undefined
}

/** No line is later than its file was written, in seconds since the epoch, nor than now in milliseconds: a file can be given any time. */
export function latestIn(written: number, now: number): number {
  return Math.min(now, (written + 1) * 1000)
}

/** It was read at some moment between the question and the answer: half the way is what is not known. One more, for times here are whole milliseconds. */
export function sampled(host: string, { at, grain }: HostTime, asked: number, heard: number): ClockSample {
  return {
    host,
    at: heard,
    offset: at + grain / 2 - (wallTime(asked) + wallTime(heard)) / 2,
    uncertainty: (heard - asked + grain) / 2 + 1,
  }
}
