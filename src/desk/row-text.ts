import { type Label, label, say } from '../hosts/label.ts'
import { cut } from '../text/fit.ts'
import { desktopName } from './desktops.ts'
import { type Row, systemOf } from './rows.ts'
import { type Desk, type Known, type Opening, systemNamed } from './state.ts'
import type { Voice } from './texts/voice.ts'

/** How a choice reads: what it is called, how it stands, and what else there is to say of it. */
interface RowText {
  readonly title: Label
  readonly state?: Label
  readonly detail?: Label
  /** it will hardly be had now */
  readonly isPoor?: boolean
}

export function rowText(desk: Desk, row: Row, voice: Voice): RowText {
  const { lines } = voice.texts
  switch (row.row) {
    case 'channel':
      return {
        title: channelName(desk, row.channel, voice),
        state: standing(desk, row.channel, voice),
        ...(isSilent(row.channel) ? { detail: voice.say(voice.texts.lines.mayComeBack), isPoor: true } : {}),
      }
    case 'system': {
      const { title, description, state, name } = row.system
      const detail = description && voice.of(description)
      return {
        title: voice.of(title) ?? voice.name(name),
        state: voice.say(lines[state]),
        isPoor: state === 'none' || state === 'unknown',
        ...(detail ? { detail } : {}),
      }
    }
    case 'session':
      return {
        title: voice.name(row.session.names?.[voice.language] ?? row.session.name),
        ...(row.isLast ? { state: voice.say(lines.lastTime) } : {}),
      }
    case 'go':
      return { title: voice.say(lines.goTo) }
    case 'another':
      return { title: voice.say(lines.openAnother) }
    case 'ask-close':
      return { title: voice.say(lines.closeIt) }
    case 'close':
      return { title: voice.say(lines.yesClose) }
    case 'close-anyway':
      return { title: voice.say(lines.closeAnyway) }
    case 'retry':
      return { title: voice.say(lines.tryAgain) }
    case 'leave':
      return { title: voice.say(lines.yesLeave) }
    case 'back':
      return { title: voice.say(lines[row.says]) }
  }
}

/** *Debian, KDE Plasma*: the system and the desktop that was chosen. */
export function channelName(desk: Desk, channel: Known, voice: Voice): Label {
  const { session, machine } = channel.said
  const system = systemOf(desk, channel)
  const name = (system && voice.of(system.title)) ?? voice.name(channel.said.system ?? machine.name)
  return session ? say`${name}, ${voice.name(session.name)}` : name
}

/** What is being opened. */
export function openingName(desk: Desk, { system: name, session }: Opening, voice: Voice): Label {
  const system = systemNamed(desk, name)
  const title = (system && voice.of(system.title)) ?? voice.name(name)
  return session === undefined ? title : say`${title}, ${voice.name(desktopName(session))}`
}

/** Its machine does not answer: whatever is typed there waits. */
function isSilent({ said }: Known): boolean {
  return said.silent === 'machine' && said.state !== 'closing'
}

/** Where it is, and what becomes of it; of one that is here and open since when. */
function standing(desk: Desk, channel: Known, voice: Voice): Label {
  const { lines } = voice.texts
  const { state, terminal } = channel.said
  if (state === 'closing') return voice.say(lines.isClosing)
  if (isSilent(channel)) return voice.say(lines.isSilent)
  if (channel.isHere) return since(desk, channel, voice)
  if (terminal.display === undefined) return voice.say(lines.waits)
  return voice.say(lines.isAt, { terminal: cut(voice.name(terminal.name), 14) })
}

/** The time of day, or of another day the date. */
function since({ now }: Desk, { said }: Known, voice: Voice): Label {
  const { lines } = voice.texts
  const at = new Date(said.openedAt ?? said.wantedAt)
  const minutes = String(at.getMinutes()).padStart(2, '0')
  if (at.toDateString() === new Date(now).toDateString())
    return voice.say(lines.sinceTime, { time: label(`${at.getHours()}:${minutes}`) })
  return voice.say(lines.sinceDate, { date: label(`${at.getDate()}/${at.getMonth() + 1}`) })
}

/** How long something took or takes. */
export function lasting(milliseconds: number, voice: Voice): Label {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const { lines } = voice.texts
  if (seconds < 60) return voice.say(lines.seconds, { s: seconds })
  return voice.say(lines.minutes, { m: Math.floor(seconds / 60), s: seconds % 60 })
}
