import type { SessionRecord } from '../../fleet/session/record.ts'
import { say } from '../../hosts/label.ts'
import { lockChannel } from '../../services/display/verbs.ts'
import type { Change } from '../action.ts'
import { ending, saying } from '../display/told.ts'
import { move } from './move.ts'
import { bySession, heldDesktop } from './reach.ts'
import { view } from './view.ts'

const end: Change<SessionRecord> = {
  kind: 'change',
  subject: 'session',
  group: 'power',
  verb: 'end',
  key: 'c',
  title: 'End',
  help: 'Asks a session to end, and waits until it has.',
  risk: 'disruptive',
  patience: 60,
  ...ending('end', bySession),
}

const message: Change<SessionRecord> = {
  kind: 'change',
  subject: 'session',
  group: 'duty',
  verb: 'message',
  key: 's',
  title: 'Message',
  help: 'Shows a message to the people of sessions, in front of all else, until a key is pressed there; it says who sent it.',
  risk: 'disruptive',
  patience: 30,
  ...saying(bySession),
}

const lock: Change<SessionRecord> = {
  kind: 'change',
  subject: 'session',
  group: 'duty',
  verb: 'lock',
  key: 'L',
  title: 'Lock',
  help: 'Locks the screen of a session by what its desktop has for that; its user unlocks it.',
  risk: 'disruptive',
  patience: 30,
  available: heldDesktop,
  asks: [],
  plan: (session, _answers, context) => bySession.steps(session, context, lockChannel),
  remark: ({ user }) => say`${user} unlocks it with their own password`,
}

export const sessionActions: readonly Change<SessionRecord>[] = [end, message, view, lock, move]
