import type { DeskSystem } from '../broker/protocol.ts'
import type { Said } from '../services/display/opening.ts'
import { cancelOpening, goHome, goTo, start } from './go.ts'
import { heardMachine, heardSaid, textEnded } from './opening.ts'
import { closesWithin, firstRow, numbersOf, type Row, rowsOf } from './rows.ts'
import {
  after,
  channelOf,
  channelOn,
  type Desk,
  type Fault,
  type Known,
  openingOn,
  staysOnScreen,
  type Turn,
  turn,
} from './state.ts'
import type { MachineSaid, OpenChannel, Telling } from './surroundings.ts'
import { nextLanguage } from './texts/voice.ts'

/** What happened: what the person did, and what was heard. */
export type Event =
  | { readonly is: 'begin' | 'tick' }
  | { readonly is: 'systems'; readonly systems: readonly DeskSystem[] }
  | { readonly is: 'no-systems'; readonly fault: Fault }
  /** `asked`: when the look began */
  | { readonly is: 'channels'; readonly channels: readonly OpenChannel[]; readonly asked: number }
  | { readonly is: 'machine'; readonly talk: number; readonly said: MachineSaid }
  | { readonly is: 'said'; readonly talk: number; readonly said: Said }
  | { readonly is: 'text-ended'; readonly talk: number; readonly code: number }
  | { readonly is: 'refused'; readonly channel: string; readonly what: Telling }
  | Deed

/** What the person does. */
export type Deed =
  | { readonly is: 'up' | 'down' | 'enter' | 'back' | 'language' | 'again' | 'erase' | 'clear' }
  /** the desktop of this number, else the selected one, or that of the page */
  | { readonly is: 'close'; readonly number?: number }
  | { readonly is: 'choose'; readonly number: number }
  | { readonly is: 'typed'; readonly text: string }

/** The list of the systems is asked for anew by who looks at it after so long, in milliseconds. */
const systemsKeep = 30_000

/** More than any password has. */
const longestPassword = 1000

/** What the desk becomes by what happened at a time (milliseconds since the epoch), and what is to be done. It knows nothing but what it is given. */
export function advance(before: Desk, event: Event, now: number): Turn {
  const desk = { ...before, now }
  switch (event.is) {
    case 'begin':
      return turn({ ...desk, askedAt: now }, { do: 'systems' })
    case 'tick':
      return passed(desk)
    case 'systems':
      return onSystems(desk, event.systems)
    case 'no-systems':
      return turn(kept({ ...desk, fault: event.fault }, rowsOf(desk)[desk.selected]))
    case 'channels':
      return onChannels(desk, event.channels, event.asked)
    case 'machine':
      return heardMachine(desk, event.talk, event.said)
    case 'said':
      return heardSaid(desk, event.talk, event.said)
    case 'text-ended':
      return textEnded(desk, event.talk, event.code)
    case 'refused':
      return onRefused(desk, event.channel, event.what)
    case 'language':
      return turn({ ...desk, language: nextLanguage(desk.language) })
    default:
      return after(done(desk, event), freshened)
  }
}

/** Who comes to the choices, or moves on them, sees how they are now. */
function freshened(desk: Desk): Turn {
  const isOld = desk.page.at === 'home' && desk.now - desk.askedAt > systemsKeep
  return isOld ? askSystems(desk) : turn(desk)
}

/** What the person did. */
function done(desk: Desk, deed: Deed): Turn {
  const { page } = desk
  if (page.at === 'password') return onPassword(desk, page, deed)
  const rows = rowsOf(desk)
  switch (deed.is) {
    case 'up':
      return turn({ ...desk, selected: Math.max(0, desk.selected - 1) })
    case 'down':
      return turn({ ...desk, selected: Math.max(0, Math.min(rows.length - 1, desk.selected + 1)) })
    case 'choose': {
      const selected = numbersOf(rows).indexOf(deed.number)
      return selected < 0 ? turn(desk) : chosen({ ...desk, selected }, rows[selected])
    }
    case 'enter':
      return chosen(desk, rows[desk.selected])
    case 'back':
      return back(desk)
    case 'close': {
      const row = rows[deed.number === undefined ? desk.selected : numbersOf(rows).indexOf(deed.number)]
      const id = page.at === 'home' ? row?.row === 'channel' && row.channel.said.id : channelOn(page)
      return id ? goTo(desk, { at: 'close', channel: id }) : turn(desk)
    }
    case 'again':
      return page.at === 'home' ? askSystems(desk) : turn(desk)
    default:
      return turn(desk)
  }
}

type Password = Extract<Desk['page'], { at: 'password' }>

/** It leaves the desk as soon as it has been answered. */
function onPassword(desk: Desk, page: Password, deed: Deed): Turn {
  const typed = (text: string) => turn({ ...desk, page: { ...page, typed: text } })
  if (deed.is === 'typed') return typed((page.typed + deed.text).slice(0, longestPassword))
  if (deed.is === 'erase') return typed([...page.typed].slice(0, -1).join(''))
  if (deed.is === 'clear') return typed('')
  if (deed.is === 'back') return back(desk)
  if (deed.is !== 'enter' || !page.typed) return turn(desk)
  return after(goTo(desk, { at: 'progress', opening: page.opening }), (one) =>
    turn(one, { do: 'answer', talk: page.opening.talk, answer: { password: page.typed } }),
  )
}

function chosen(before: Desk, row: Row | undefined): Turn {
  const { note: _, ...desk } = before
  const { page } = desk
  if (!row) return turn(before)
  switch (row.row) {
    case 'channel':
      return bring(desk, row.channel.said.id)
    case 'go':
      return bring(desk, row.channel)
    case 'system': {
      const open = desk.channels.find(({ said }) => said.system === row.system.name)
      if (!open) return start(desk, row.system.name)
      return goTo(desk, { at: 'again', system: row.system.name, channel: open.said.id })
    }
    case 'another':
      return start(desk, row.system)
    case 'session':
      return onSession(desk, row.session.id)
    case 'ask-close':
      return goTo(desk, { at: 'close', channel: row.channel })
    case 'close':
      return after(goTo(desk, { at: 'closing', channel: row.channel, since: desk.now }), (one) =>
        turn(one, { do: 'tell', channel: row.channel, what: 'close' }),
      )
    case 'close-anyway':
      return after(
        goTo(desk, { at: 'closing', channel: row.channel, since: desk.now, insistedAt: desk.now }),
        (one) => turn(one, { do: 'tell', channel: row.channel, what: 'insist' }),
      )
    case 'retry':
      if (page.at === 'failed' && page.system !== undefined) return start(desk, page.system, page.session)
      return askSystems(desk)
    case 'leave':
      return leave(desk)
    case 'back':
      return row.says === 'waitMore' ? goTo(desk, { ...page, since: desk.now } as Desk['page']) : back(desk)
  }
}

function onSession(desk: Desk, session: string): Turn {
  const { page } = desk
  if (page.at !== 'session') return turn(desk)
  if (!page.opening) return start(desk, page.system, session)
  const opening = { ...page.opening, session }
  return after(goTo(desk, { at: 'progress', opening }), (one) =>
    turn(one, { do: 'answer', talk: opening.talk, answer: { session } }),
  )
}

/** Always a way back: one page, and from the first one out, if the person wants that. */
function back(before: Desk): Turn {
  const { note: _, ...desk } = before
  const { page } = desk
  const opening = openingOn(page)
  if (opening) return cancelOpening(desk, opening)
  if (page.at === 'home') return goTo(desk, { at: 'leave' })
  return goHome(desk)
}

function askSystems({ fault: _, ...desk }: Desk): Turn {
  return turn(kept({ ...desk, askedAt: desk.now }, rowsOf(desk)[desk.selected]), { do: 'systems' })
}

/** What is kept comes over from wherever it is; what is not stays where it was opened. */
function bring(desk: Desk, channel: string): Turn {
  const known = channelOf(desk, channel)
  if (known && !known.isHere && !known.said.keep)
    return goTo(desk, { at: 'failed', fault: { kind: 'elsewhere', reference: '' } })
  return after(goTo(desk, { at: 'open', channel }), (one) =>
    turn(one, { do: 'tell', channel, what: 'bring' }),
  )
}

function onRefused(desk: Desk, channel: string, what: Telling): Turn {
  if (channelOn(desk.page) !== channel) return turn(desk)
  const kind = what === 'bring' ? 'not-brought' : 'not-closed'
  // A session that does not want to end yet may still do it; the page says so in time.
  if (what === 'close') return turn(desk)
  return goTo(desk, { at: 'failed', fault: { kind, reference: channel } })
}

function leave(desk: Desk): Turn {
  const left = staysOnScreen(desk)
  if (!left.length) return turn(desk, { do: 'leave' })
  return after(goTo(desk, { at: 'leaving', since: desk.now, insisted: false }), (one) =>
    turn(one, ...left.map((channel) => farewell(channel, 'close'))),
  )
}

function farewell({ said }: Known, end: 'close' | 'insist') {
  return { do: 'tell', channel: said.id, what: said.keep ? 'hide' : end } as const
}

/** Time went by: only what waits for something looks at it. */
function passed(desk: Desk): Turn {
  const { page } = desk
  if (page.at === 'closing' && page.insistedAt !== undefined && desk.now - page.insistedAt > closesWithin)
    return goTo(desk, { at: 'failed', fault: { kind: 'not-closed', reference: page.channel } })
  if (page.at !== 'leaving') return turn(desk)
  const left = staysOnScreen(desk)
  if (!left.length || desk.now - page.since > 2 * closesWithin) return turn(desk, { do: 'leave' })
  if (page.insisted || desk.now - page.since < closesWithin) return turn(desk)
  return turn(
    { ...desk, page: { ...page, insisted: true } },
    ...left.map((channel) => farewell(channel, 'insist')),
  )
}

function onSystems({ fault: _, ...desk }: Desk, systems: readonly DeskSystem[]): Turn {
  const next = kept({ ...desk, systems }, rowsOf(desk)[desk.selected])
  const { once } = desk.settings
  if (!once || desk.begun || desk.page.at !== 'home') return turn(next)
  const begun = { ...next, begun: true }
  const open = begun.channels.find(({ said }) => said.system === once.system)
  return open ? bring(begun, open.said.id) : start(begun, once.system, once.session)
}

/** A channel lives while its keeper does. One that is not open yet is a matter of who opens it. */
export const lives = ({ fate, said }: OpenChannel) => fate === 'alive' && said.state !== 'opening'

function onChannels(desk: Desk, seen: readonly OpenChannel[], asked: number): Turn {
  const before = new Map(desk.channels.map((one) => [one.said.id, one]))
  const now = seen.filter(lives).map((one): Known => {
    return { ...one, knownAt: before.get(one.said.id)?.knownAt ?? asked }
  })
  const isThere = new Set(now.map(({ said }) => said.id))
  const missing = desk.channels.filter(({ said }) => !isThere.has(said.id))
  const notSeen = missing.filter(({ knownAt }) => knownAt >= asked)
  const gone = missing.filter(({ knownAt }) => knownAt < asked)
  const channels = [...now, ...notSeen].toSorted((a, b) => a.said.wantedAt - b.said.wantedAt)
  const selectedOne = rowsOf(desk)[desk.selected]
  let next = kept({ ...desk, channels }, selectedOne)
  const lost = gone.find((one) => isLost(one, seen))
  if (lost) next = { ...next, note: { kind: 'lost', reference: lost.said.id } }
  if (desk.page.at === 'leaving') return passed(next)
  const id = channelOn(desk.page) ?? (desk.page.at === 'again' ? desk.page.channel : undefined)
  if (id === undefined || !gone.some(({ said }) => said.id === id)) return turn(next)
  // In a kiosk the desk ends with the desktop that it is for.
  if (desk.settings.once && !lost) return turn(next, { do: 'leave' })
  return goHome(next)
}

/** Nobody closed it: its keeper died, or the last that was known of it is that it did not go well. */
function isLost({ said }: Known, seen: readonly OpenChannel[]): boolean {
  const left = seen.find((one) => one.said.id === said.id && one.fate !== 'alive')
  const isAmiss = said.trouble !== undefined || said.silent !== undefined
  return left !== undefined || (isAmiss && said.state !== 'closing')
}

/** On the first page the same row stays selected, although others came or went before it. */
function kept(desk: Desk, row: Row | undefined): Desk {
  if (desk.page.at !== 'home') return desk
  const rows = rowsOf(desk)
  const key = row && keyOf(row)
  const at = rows.findIndex((one) => keyOf(one) === key)
  if (at >= 0) return { ...desk, selected: at }
  return { ...desk, selected: firstRow(desk) }
}

function keyOf(row: Row): string {
  if (row.row === 'channel') return `channel ${row.channel.said.id}`
  return row.row === 'system' ? `system ${row.system.name}` : row.row
}
