import { type Said, wishSchema } from '../services/display/opening.ts'
import { fail, goHome, goTo } from './go.ts'
import {
  after,
  type Desk,
  type Opening,
  openingOn,
  type StepKind,
  systemNamed,
  type Turn,
  turn,
} from './state.ts'
import type { DeskMachine, MachineSaid } from './surroundings.ts'

/** The opening that is under way, if this is the conversation about it. */
function openingIn({ page }: Desk, talk: number): Opening | undefined {
  const opening = openingOn(page)
  return opening?.talk === talk ? opening : undefined
}

/** The step before is done. */
function withStep(opening: Opening, kind: StepKind, now: number): Opening {
  const last = opening.steps.at(-1)
  if (last?.kind === kind) return opening
  const before = opening.steps.map((one) => ('until' in one ? one : { ...one, until: now }))
  return { ...opening, steps: [...before, { kind, since: now }] }
}

const progress = (desk: Desk, opening: Opening): Turn => goTo(desk, { at: 'progress', opening })

/** What the broker says of the machine. */
export function heardMachine(desk: Desk, talk: number, said: MachineSaid): Turn {
  const opening = openingIn(desk, talk)
  if (!opening) return turn(desk)
  if ('step' in said) return progress(desk, withStep(opening, said.step, desk.now))
  if ('no' in said) return fail(desk, { kind: said.no, reference: said.reference }, opening)
  if (desk.settings.text)
    return after(progress(desk, withStep(opening, 'text', desk.now)), (one) =>
      turn(one, { do: 'text', talk, machine: said.machine, system: opening.system }),
    )
  return after(progress(desk, withStep(opening, 'machine', desk.now)), (one) =>
    turn(one, { do: 'open', talk, wish: wishOf(desk, opening, said.machine) }),
  )
}

function wishOf(desk: Desk, { system: name, session }: Opening, { address, port, ...machine }: DeskMachine) {
  const system = systemNamed(desk, name)
  return wishSchema.parse({
    machine: { name: machine.name, address, ...(port === undefined ? {} : { port }) },
    system: name,
    keep: system?.keep ?? false,
    ...(system?.x11OverTcp ? { x11OverTcp: system.x11OverTcp } : {}),
    ...(system?.shows ? { shows: system.shows } : {}),
    ...(session === undefined ? {} : { session }),
    ...(system?.limits ? { limits: system.limits } : {}),
    ...(system?.sessions ? { sessions: system.sessions } : {}),
  })
}

/** What the keeper of the channel says. */
export function heardSaid(desk: Desk, talk: number, said: Said): Turn {
  const opening = openingIn(desk, talk)
  if (!opening) return turn(desk)
  if ('step' in said) return progress(desk, withStep(opening, said.step, desk.now))
  if ('failed' in said) {
    const { kind, reference } = said.failed
    return kind === 'cancelled' ? goHome(desk) : fail(desk, { kind, reference }, opening)
  }
  if ('open' in said) {
    const seen = { said: said.open, fate: 'alive', isHere: true, knownAt: desk.now } as const
    const others = desk.channels.filter((one) => one.said.id !== said.open.id)
    const last = remembered(desk, opening.system, said.open.session?.id)
    return after(
      goTo({ ...desk, last, channels: [...others, seen] }, { at: 'open', channel: said.open.id }),
      (one) => turn(one, { do: 'remember', last }),
    )
  }
  if (said.asks === 'password') {
    const { attempt, user, ticket } = said
    return goTo(desk, { at: 'password', opening, attempt, user, ...(ticket && { ticket }), typed: '' })
  }
  const [only, ...more] = said.choices
  if (!only) return fail(desk, { kind: 'no-session', reference: '' }, opening)
  if (!more.length) return turn(desk, { do: 'answer', talk, answer: { session: only.id } })
  return goTo(desk, { at: 'session', system: opening.system, choices: said.choices, opening })
}

function remembered({ last }: Desk, system: string, session: string | undefined): Desk['last'] {
  return { system, sessions: { ...last.sessions, ...(session === undefined ? {} : { [system]: session }) } }
}

/** ssh(1) ends with 255 where it came to no session. */
const noSession = 255

export function textEnded(desk: Desk, talk: number, code: number): Turn {
  const opening = openingIn(desk, talk)
  if (!opening) return turn(desk)
  if (code === noSession) return fail(desk, { kind: 'unreachable', reference: '' }, opening)
  const last = remembered(desk, opening.system, undefined)
  return after(goHome({ ...desk, last }), (one) =>
    turn(one, { do: 'remember', last }, ...(desk.settings.once ? [{ do: 'leave' } as const] : [])),
  )
}
