import type { SessionRecord } from '../../fleet/session/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { isAway, isUsed, sessionsAtTerminal, type TerminalRecord } from '../../fleet/terminal/record.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Link, Screen } from '../../services/hardware/facts.ts'
import { shortages } from '../../services/hardware/shortages.ts'
import { dash, some } from '../../text/part.ts'
import { desktopText } from '../session/facts.ts'

/** In what it is too small for a desktop, in sentences; empty: in nothing, or it did not tell. */
export function shortagesOf({ told }: Pick<TerminalRecord, 'told'>): readonly Label[] {
  return told ? shortages(told.facts) : []
}

type Work = Pick<TerminalRecord, 'channels' | 'texts'>

/** Who is at it, each once, or whose desktop waits since it went away. */
export function peopleText({ channels, texts }: Work): Label {
  return listed([...channels, ...texts].map(({ user }) => user ?? dash))
}

/** The machines on which they work. */
export function machinesText({ channels, texts }: Work): Label {
  return listed([...channels.map(({ channel }) => channel), ...texts].map(({ machine }) => machine.name))
}

/** What they have there: `Plasma`, `text`. */
export function desktopsText(terminal: Work): Label {
  return listed(sessionsAtTerminal(terminal).map((one) => desktopText(one) ?? dash))
}

/** What they cost together, as far as that is known: percent of one processor. */
export function cpuOf(terminal: Work): number | undefined {
  const known = sessionsAtTerminal(terminal).flatMap(({ load }: SessionRecord) => load?.cpu ?? [])
  return known.length ? known.reduce((sum, cpu) => sum + cpu, 0) : undefined
}

function listed(names: readonly Label[]): Label {
  return joined([...new Set(names)], ', ') || dash
}

/** The largest of its screens. */
function screenOf({ told }: Pick<TerminalRecord, 'told'>): Screen | undefined {
  return told?.facts.screens.toSorted((a, b) => pixels(b) - pixels(a))[0]
}

function pixels({ width = 0, height = 0 }: Screen): number {
  return width * height
}

/** How many pixels the largest of its screens has. */
export function screenSize(terminal: Pick<TerminalRecord, 'told'>): number | undefined {
  const screen = screenOf(terminal)
  return (screen && pixels(screen)) || undefined
}

/** `1280x1024`, and how many more there are: `1280x1024 +1` */
export function screenCell(terminal: Pick<TerminalRecord, 'told'>): Label {
  const { width, height } = screenOf(terminal) ?? {}
  const more = (terminal.told?.facts.screens.length ?? 0) - 1
  if (!width || !height) return dash
  return more > 0 ? say`${width}x${height} +${more}` : say`${width}x${height}`
}

/** The link by which it goes: the fastest that is up. */
export function linkOf({ told }: Pick<TerminalRecord, 'told'>): Link | undefined {
  return told?.facts.links.filter(({ isUp }) => isUp).toSorted((a, b) => (b.mbps ?? 0) - (a.mbps ?? 0))[0]
}

/** `100M`, `1G`, in bits a second; `wifi` and `up` where that is not known */
export function linkCell(terminal: Pick<TerminalRecord, 'told'>): Label {
  const link = linkOf(terminal)
  if (!link) return dash
  if (link.mbps === undefined) return link.isWireless ? say`wifi` : say`up`
  return link.mbps < 1000 ? say`${link.mbps}M` : say`${Math.round(link.mbps / 100) / 10}G`
}

/** What is to be known of it, in a word or two; nothing: all is well. */
export function terminalMark(terminal: TerminalRecord): Label {
  return some([
    isAway(terminal) && say`away`,
    terminal.isLine && say`console`,
    !terminal.told && !terminal.isLine && say`not told`,
    shortagesOf(terminal).length > 0 && say`too small`,
  ])
}

/** The same in sentences. */
export function terminalNote(terminal: TerminalRecord): Label | undefined {
  const notes = [
    ...(isAway(terminal) ? [say`it went away: the desktop of ${peopleText(terminal)} waits`] : []),
    ...(terminal.told ? [] : [whyUntold(terminal)]),
    ...shortagesOf(terminal),
  ]
  return notes.length ? joined(notes, '; ') : undefined
}

/** Why it is not known what it is. */
export function whyUntold({ isLine, host }: Pick<TerminalRecord, 'isLine' | 'host'>): Label {
  return isLine ? say`a line of ${label(host)} itself` : say`not known what it is: it did not tell`
}

/** How it stands with it. */
export function terminalState(terminal: TerminalRecord): 'used' | 'away' | 'free' {
  if (isAway(terminal)) return 'away'
  return isUsed(terminal) ? 'used' : 'free'
}

/** Whether what is told of it is not how it is now: none of those who know it can be asked. */
export function isOld({ hosts }: TerminalRecord, { displays }: Pick<Snapshot, 'displays'>): boolean {
  return hosts.every((name) => displays.some(({ host, trouble }) => host === name && trouble !== undefined))
}
