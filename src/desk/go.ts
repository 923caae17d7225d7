import { desktopName } from './desktops.ts'
import { firstRow, rowsOf } from './rows.ts'
import {
  after,
  type Desk,
  type Fault,
  type Opening,
  openingOn,
  type Page,
  systemNamed,
  type Turn,
  turn,
} from './state.ts'

/** To another page, on the row that suits it. */
export function goTo(desk: Desk, page: Page): Turn {
  const next = { ...desk, page, selected: 0 }
  return turn({ ...next, selected: firstRow(next) })
}

/** To the choices, on the one that was made before. */
export function goHome(desk: Desk): Turn {
  const { page } = desk
  const home = { ...desk, page: { at: 'home' } } as const
  const channel = 'channel' in page ? page.channel : undefined
  const system = openingOn(page)?.system ?? ('system' in page ? page.system : undefined)
  const selected = rowsOf(home).findIndex(
    (row) =>
      (row.row === 'channel' && row.channel.said.id === channel) ||
      (row.row === 'system' && row.system.name === system),
  )
  return turn({ ...home, selected: selected < 0 ? firstRow(home) : selected })
}

export function fail(desk: Desk, fault: Fault, opening?: Pick<Opening, 'system' | 'session'>): Turn {
  const { system, session } = opening ?? {}
  return goTo(desk, {
    at: 'failed',
    fault,
    ...(system === undefined ? {} : { system }),
    ...(session === undefined ? {} : { session }),
  })
}

/** Wants a desktop of a system. Which one is asked before, where the catalogue offers several. */
export function start(desk: Desk, name: string, session?: string): Turn {
  const system = systemNamed(desk, name)
  if (!system) return fail(desk, { kind: 'not-for-you', reference: '' })
  // What has no screen here cannot show another one.
  if (system.shows === 'screen' && desk.settings.text)
    return fail(desk, { kind: 'no-display', reference: '' }, { system: name })
  const offered = system.sessions ?? []
  const chosen = session ?? (offered.length === 1 ? offered[0] : undefined)
  if (chosen === undefined && offered.length > 1 && !desk.settings.text)
    return goTo(desk, {
      at: 'session',
      system: name,
      choices: offered.map((id) => ({ id, name: desktopName(id) })),
    })
  const talk = desk.talk + 1
  const opening: Opening = {
    talk,
    system: name,
    steps: [{ kind: 'choosing', since: desk.now }],
    ...(chosen === undefined ? {} : { session: chosen }),
  }
  return after(goTo({ ...desk, talk }, { at: 'progress', opening }), (one) =>
    turn(one, { do: 'machine', talk, system: name }),
  )
}

export function cancelOpening(desk: Desk, opening: Opening): Turn {
  return after(goHome(desk), (one) => turn(one, { do: 'cancel', talk: opening.talk }))
}
