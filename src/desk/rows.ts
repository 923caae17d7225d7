import type { DeskSystem } from '../broker/protocol.ts'
import type { SessionChoice } from '../services/display/opening.ts'
import { type Desk, endsWithLogin, type Known, type Page, systemNamed } from './state.ts'

/** A choice. What a row does is all that it is; how it is called is told by `row-text.ts`. */
export type Row =
  | { readonly row: 'channel'; readonly channel: Known }
  | { readonly row: 'system'; readonly system: DeskSystem }
  | { readonly row: 'session'; readonly session: SessionChoice; readonly isLast: boolean }
  /** to the desktop that is open */
  | { readonly row: 'go'; readonly channel: string }
  | { readonly row: 'another'; readonly system: string }
  | { readonly row: 'ask-close'; readonly channel: string }
  | { readonly row: 'close'; readonly channel: string }
  | { readonly row: 'close-anyway'; readonly channel: string }
  | { readonly row: 'retry' }
  | { readonly row: 'leave' }
  /** what Esc does, in the words that fit here */
  | { readonly row: 'back'; readonly says: 'toChoices' | 'noClose' | 'waitMore' | 'noLeave' }

/** A session that was asked to end is given so long before it may be insisted on, in milliseconds. */
export const closesWithin = 10_000

/** What can be chosen on this page, in its order. */
export function rowsOf(desk: Desk): readonly Row[] {
  const { page } = desk
  const toChoices: Row = { row: 'back', says: 'toChoices' }
  switch (page.at) {
    case 'home':
      return homeRows(desk)
    case 'again':
      return [
        { row: 'go', channel: page.channel },
        { row: 'another', system: page.system },
        { row: 'ask-close', channel: page.channel },
        toChoices,
      ]
    case 'session': {
      const last = desk.last.sessions[page.system]
      return page.choices.map((session) => ({ row: 'session', session, isLast: session.id === last }))
    }
    case 'progress':
    case 'password':
    case 'leaving':
      return []
    case 'open':
      return [{ row: 'go', channel: page.channel }, { row: 'ask-close', channel: page.channel }, toChoices]
    case 'close':
      return [
        { row: 'close', channel: page.channel },
        { row: 'back', says: 'noClose' },
      ]
    case 'closing':
      return isSlow(desk, page)
        ? [
            { row: 'back', says: 'waitMore' },
            { row: 'go', channel: page.channel },
            { row: 'close-anyway', channel: page.channel },
          ]
        : []
    case 'failed':
      return [...(page.system === undefined ? [] : [{ row: 'retry' } as const]), toChoices]
    case 'leave':
      return [{ row: 'leave' }, { row: 'back', says: 'noLeave' }]
  }
}

/** A session that was asked to end and still is there. */
export function isSlow({ now }: Desk, page: Page): boolean {
  return page.at === 'closing' && page.insistedAt === undefined && now - page.since >= closesWithin
}

function homeRows(desk: Desk): readonly Row[] {
  const { once } = desk.settings
  const own = ({ said }: Known) => !once || said.system === once.system
  const channels = desk.channels.filter(own).map((channel) => ({ row: 'channel', channel }) as const)
  const systems = (desk.systems ?? [])
    .filter(({ name }) => !once || name === once.system)
    .map((system) => ({ row: 'system', system }) as const)
  return [...channels, ...systems, ...(desk.fault ? [{ row: 'retry' } as const] : [])]
}

/**
 * By what each row is chosen. A system keeps its number whatever is open, since people learn it by heart: the open desktops stand above the systems,
 * and are counted after them.
 */
export function numbersOf(rows: readonly Row[]): readonly number[] {
  const open = rows.filter(({ row }) => row === 'channel').length
  const systems = rows.filter(({ row }) => row === 'system').length
  return rows.map(({ row }, index) => {
    if (row === 'channel') return systems + index + 1
    return row === 'system' ? index + 1 - open : index + 1
  })
}

/** The row on which a page opens: what was chosen the last time, what loses nothing, else the first. */
export function firstRow(desk: Desk): number {
  const { page, last } = desk
  const rows = rowsOf(desk)
  const at = (test: (row: Row) => boolean) => Math.max(0, rows.findIndex(test))
  if (page.at === 'session') return at((one) => one.row === 'session' && one.isLast)
  if (page.at === 'home' && !desk.channels.length)
    return at((one) => one.row === 'system' && one.system.name === last.system)
  const losesWork = page.at === 'close' || (page.at === 'leave' && endsWithLogin(desk).length > 0)
  return losesWork ? at((one) => one.row === 'back') : 0
}

/** The name under which the catalogue has the system of a channel; without one the channel is called by its machine. */
export function systemOf(desk: Desk, { said }: Known): DeskSystem | undefined {
  return said.system === undefined ? undefined : systemNamed(desk, said.system)
}
