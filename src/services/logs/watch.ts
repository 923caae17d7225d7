import { wallTime } from '../../hosts/clock.ts'
import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readTime } from './client.ts'
import type { ClockSample, LogSink } from './facts.ts'
import type { HostTime } from './parse.ts'

interface LogWatchOptions {
  readonly host: Host
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: LogSink
  readonly now: () => number
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** Watches the clock of a host. */
export function watchLogs({ host, interval, sink, now }: LogWatchOptions): Rounds {
  const { name } = host
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asked = now()
      const time = await readTime({ host: name, shell, timeout })
      if (!signal.aborted) sink.clock(sampled(name, time, asked, now()))
    },
    failed: (error) => sink.trouble(name, error),
  })
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
