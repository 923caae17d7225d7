import { isChannel } from '../../fleet/display/record.ts'
import type { SessionRecord } from '../../fleet/session/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import { isDisplayName, showChannel } from '../../services/display/verbs.ts'
import type { Change } from '../action.ts'
import type { Choice } from '../question.ts'
import { presentOf } from '../subjects.ts'
import { bySession, heldDesktop } from './reach.ts'

/** A terminal at which a person sits, by the X display that it has. */
interface Seat {
  readonly display: Raw
  readonly terminal: Raw
}

/** The terminals at which something else of this person is shown now. */
function seatsOf({ id, host, uid }: SessionRecord, { displays }: Pick<Snapshot, 'displays'>): Seat[] {
  const all = displays
    .filter((server) => server.host === host)
    .flatMap((server) => server.displays.filter(isChannel))
    .filter((one) => one.channel.uid === uid && one.channel.fate === 'alive' && one.id !== id)
    .flatMap(({ channel: { rawTerminal } }) =>
      rawTerminal.display !== undefined && isDisplayName(rawTerminal.display)
        ? [{ display: rawTerminal.display, terminal: rawTerminal.name }]
        : [],
    )
  return [...new Map(all.map((one) => [one.display, one])).values()]
}

/** Where it is not yet. */
function seatsFor(session: SessionRecord, snapshot: Pick<Snapshot, 'displays'>): Seat[] {
  const here = session.display?.channel.rawTerminal.display
  return seatsOf(session, snapshot).filter(({ display }) => display !== here)
}

/** By its display, or by the name of the terminal where it has one display alone. */
function seatCalled(
  word: string | undefined,
  session: SessionRecord,
  snapshot: Pick<Snapshot, 'displays'>,
): Seat | undefined {
  const all = seatsFor(session, snapshot)
  const [named, other] = all.filter(({ terminal }) => terminal === word)
  return all.find(({ display }) => display === word) ?? (other ? undefined : named)
}

const choiceOf = ({ display, terminal }: Seat): Choice => ({
  value: display,
  title: label(terminal),
  note: label(display),
})

/** Whether it can be shown elsewhere, and where that may be. */
function movable(session: SessionRecord, snapshot: Snapshot): true | Label {
  const can = heldDesktop(session, { snapshot })
  if (can !== true) return can
  if (!session.display?.channel.keep)
    return say`it lives on its terminal: only one that is kept can be shown elsewhere`
  return (
    seatsFor(session, snapshot).length > 0 ||
    say`${session.user} has nothing open at another terminal: there, the desk brings it over`
  )
}

/** Shows a kept session on another terminal of the same person. */
export const move: Change<SessionRecord> = {
  kind: 'change',
  subject: 'session',
  group: 'duty',
  verb: 'move',
  key: 'm',
  title: 'Move',
  help: 'Shows a kept session on another terminal at which its user has something open; it is taken from where it was.',
  risk: 'disruptive',
  patience: 30,
  single: true,
  available: (session, { snapshot }) => movable(session, snapshot),
  asks: [
    {
      id: 'to',
      text: say`To which terminal?`,
      value: 'TERMINAL',
      namesOwn: true,
      needed: true,
      choices: (session, snapshot) => seatsFor(session, snapshot).map(choiceOf),
      wrong: (value, session, snapshot) =>
        seatCalled(value, session, snapshot) ? undefined : say`${session.user} is not known to sit there`,
    },
  ],
  endedBy: ['move'],
  warns: (session) =>
    session.display?.channel.isUnseen
      ? []
      : [say`it is taken from ${session.terminal}, where it is shown now`],
  plan: (session, { to }, context) => {
    const seat = seatCalled(to, session, context.snapshot)
    return seat ? bySession.steps(session, context, (target) => showChannel(target, seat.display)) : []
  },
  settled: (session, { to }, snapshot) => {
    const { display, name } = presentOf('session', session, snapshot)?.display?.channel.rawTerminal ?? {}
    return (display !== undefined && [display, name].includes(to as Raw)) || undefined
  },
  undo: (session, _answers, before) => {
    const to = session.display?.channel.rawTerminal.display
    const isKnown = seatsOf(session, before).some(({ display }) => display === to)
    return to !== undefined && isKnown ? { verb: 'move', answers: { to } } : undefined
  },
}
