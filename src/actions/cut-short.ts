import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import { running } from './machine/target.ts'
import { howFar, type Outcome, type Performing, whyEnded } from './outcome.ts'
import type { Prepared } from './prepare.ts'
import { stateWords } from './standing.ts'
import { presentOf } from './subjects.ts'

/** Milliseconds: how long to look at the result of a cancelled command. */
const patience = 2_000

/** How far the steps had come; `trying` was running and may have had its effect. */
export interface Cut {
  readonly steps: readonly Step[]
  readonly ran: Step[]
  readonly trying: Step | undefined
}

export function isUnfelt({ ran, trying }: Cut): boolean {
  return [...ran, ...(trying ? [trying] : [])].every(({ isFelt }) => isFelt === false)
}

/**
 * A cancelled command may have done its work nevertheless: a migration that was already complete has moved the machine. So the hosts are
 * read once more, and the outcome says what is known.
 */
export async function cutShort<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: Performing,
  cut: Cut,
  began: number,
): Promise<Outcome> {
  const { action, target, answers } = prepared
  const { steps, ran, trying } = cut
  const why = say`${whyEnded(options)}${howFar(steps, ran)}`
  if (action.subject !== 'machine' || !action.settled)
    return { kind: 'cancelled', text: why, ...(isUnfelt(cut) ? { isNothing: true } : {}) }
  const cutAt = fleet.now()
  const hosts = [...new Set([...steps.map(({ host }) => host), ...(answers.to ? [answers.to] : [])])]
  const isSettled = (snapshot: Snapshot) => action.settled?.(target, answers, snapshot, began) === true
  const isRead = (host: string, { seenAt }: Snapshot) => (seenAt.get(host) ?? 0) > cutAt
  const unread = (snapshot: Snapshot) => {
    // A machine runs in one place: once it is seen running, the other hosts need not be asked.
    const now = presentOf('machine', target, snapshot) as MachineRecord | undefined
    if (now && running(now) && isRead(now.host, snapshot)) return []
    return hosts.filter((host) => !isRead(host, snapshot))
  }
  const known = (snapshot: Snapshot) => isSettled(snapshot) || !unread(snapshot).length || undefined
  const soon = AbortSignal.timeout(patience)
  await fleet.until(known, soon).catch(() => undefined)
  const snapshot = fleet.snapshot()
  const state = stateWords(action.subject, target, snapshot) ?? say`gone`
  const objection = isSettled(snapshot)
    ? await action.objection?.(target, answers, { fleet, snapshot }, soon)
    : undefined
  if (objection) return { kind: 'cancelled', text: say`${why}; ${objection}` }
  if (isSettled(snapshot)) {
    // All steps count as run, so that it can be undone.
    ran.push(...steps.slice(ran.length))
    return { kind: 'cancelled', text: say`${why}, but it was done nevertheless: ${state}` }
  }
  const silent = unread(snapshot)
  if (silent.length)
    return {
      kind: 'cancelled',
      text: say`${why}; whether it was done is not known: ${label(silent.join(', '))} has not answered since`,
    }
  const text = say`${why}; now ${state}`
  // A job that its host can cancel has done nothing if nothing is seen; a guest may still shut down.
  return isUnfelt({ ...cut, trying: trying?.cancel ? undefined : trying })
    ? { kind: 'cancelled', text, isNothing: true }
    : { kind: 'cancelled', text }
}
