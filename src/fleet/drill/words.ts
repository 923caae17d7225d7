import { joined, type Label, label, say } from '../../hosts/label.ts'
import { clock } from '../../text/format.ts'
import type { DrillRecord, Mark, Result } from './record.ts'

/** `1.94 s` */
export function exactSeconds(milliseconds: number): Label {
  // Clocks are known to some hundredths: what is a little before it is at once.
  const text = (milliseconds / 1_000).toFixed(2)
  return label(`${text === '-0.00' ? '0.00' : text} s`)
}

/** `14:02:03.12` */
export function exactClock(at: number): Label {
  return say`${clock(at)}.${label(String(Math.floor((((at % 1_000) + 1_000) % 1_000) / 10)).padStart(2, '0'))}`
}

/** All of it in a line: `killed 10:02:03.00, vdd's check 0.31 s, taken out 1.94 s, clients failed 14 of 1200, none after 2.10 s, put back 10.02 s`. */
export function drillSentence({ seen, away, home, clients, lastFailed, back }: Result): Label {
  const { broken, drill } = seen
  const words = (all: readonly Mark[]) =>
    all.flatMap(({ word, absent, seen: at }) => {
      if (!at) return absent ?? []
      return say`${word} ${exactSeconds(at.at - broken.at)}`
    })
  const parts = [
    say`${drill.breaking.past} ${exactClock(broken.at)}`,
    ...words(away),
    ...(clients ? [say`clients failed ${clients.failed} of ${clients.all}`] : []),
    ...(lastFailed === undefined ? [] : [say`none after ${exactSeconds(lastFailed)}`]),
    back === undefined ? say`not put back yet` : say`put back ${exactSeconds(back)}`,
    ...words(home),
  ]
  return joined(parts, ', ')
}

/** What is broken, where and for how long: it stands before a drill is confirmed, and in the journal. */
export function drillText({
  breaking: { title, back },
  host,
  seconds,
}: Pick<DrillRecord, 'breaking' | 'host' | 'seconds'>): Label {
  return say`${title}, on ${label(host)}; after ${seconds} s that host itself ${back}`
}
