import type { SessionRecord } from '../../fleet/session/record.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

interface Kept {
  readonly user: Label
  readonly terminal: Label
  readonly machine: Label
  readonly desktop: Label | null
}

export const sessionStanding: Standing<SessionRecord, Kept> = {
  facts: ({ user, terminal, machine, desktop }) => ({
    user,
    terminal,
    machine: machine.name,
    desktop: desktop ?? null,
  }),
  words: ({ user, terminal, machine }) => say`${user} at ${terminal} on ${machine}`,
}
