import { randomUUID } from 'node:crypto'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { HostError, whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import { cutShort, isUnfelt } from './cut-short.ts'
import { type CarryOutOptions, done, howFar, type Outcome, type Performing } from './outcome.ts'
import { performAll } from './perform-all.ts'
import { type Prepared, prepare } from './prepare.ts'
import { recorder } from './recorder.ts'
import { runStep, tidyUp } from './run-step.ts'
import { commandText, stepText } from './step-text.ts'
import { nameOf, type Target } from './subjects.ts'
import { waitFor } from './wait-for.ts'

/** Milliseconds to wait for a fresh reading. */
const fresh = 3_000

/**
 * Runs what was prepared: checks that nothing has changed, writes to the journal, runs the steps one after the other, and waits until
 * the change is seen. Never throws: the outcome says what went wrong.
 */
export async function run<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: CarryOutOptions,
): Promise<Outcome> {
  if (prepared.risk === 'destructive') await lookOnceMore(prepared, fleet)
  const now = prepare(prepared.action, prepared.target, prepared.answers, fleet)
  if ('refused' in now) return { kind: 'refused', text: now.refused }
  const [was, is] = [nameOf(prepared.target as Target), nameOf(now.target as Target)]
  if (was !== is) return { kind: 'refused', text: say`what was ${was} is called ${is} now; look again` }
  if (now.steps.map(meant).join() !== prepared.steps.map(meant).join())
    return { kind: 'refused', text: say`it has changed, and so would the commands; look again` }
  if (now.insists && !prepared.insists)
    return { kind: 'refused', text: say`it has changed meanwhile: ${now.insists}; look again` }
  return await begin(now, fleet, options)
}

/** Before a machine is destroyed, the hosts of the commands are read again: the name that a person typed may belong to another machine by now. */
async function lookOnceMore<T>({ target, steps }: Prepared<T>, fleet: Fleet): Promise<void> {
  const { uuid } = target as Partial<MachineRecord>
  if (!uuid) return
  const asked = fleet.now()
  const hosts = [...new Set(steps.map(({ host }) => host))]
  for (const one of hosts) fleet.lookAfresh(one, uuid)
  const areRead = ({ seenAt }: Snapshot) => hosts.every((one) => (seenAt.get(one) ?? 0) > asked) || undefined
  await fleet.until(areRead, AbortSignal.timeout(fresh)).catch(() => undefined)
}

/** A step as it was confirmed. Of a diff only the removed and added lines count: another change may have moved their place in the file. */
function meant(step: Step): string {
  const changes = step.shown?.filter((line) => /^[-+]/.test(line)) ?? [step.input]
  const command = step.isOfAnyMember ? commandText(step.argv) : stepText(step)
  return [command, ...changes].join('\n')
}

async function begin<T>(prepared: Prepared<T>, fleet: Fleet, options: CarryOutOptions): Promise<Outcome> {
  const record = recorder(prepared, fleet, options.who, options.batch ?? randomUUID())
  const undo = prepared.action.undo?.(prepared.target, prepared.answers, fleet.snapshot())
  record(say`begun`, 'info', undo)
  options.onBegun?.(undo)
  // The journal is written before anything is done; a journal that cannot be written does not stop the change.
  await fleet.journal.written()
  const { signal: cancel, over } = options
  const person = AbortSignal.any([cancel, over].filter((one) => one !== undefined))
  const signals = { person, cancel, signal: AbortSignal.any([person, fleet.ending]) }
  const ran: Step[] = []
  const performing = { ...options, ...signals }
  const work = prepared.action.performs
    ? performAll(prepared, fleet, performing)
    : perform(prepared, fleet, performing, ran)
  const outcome = await fleet.during(work)
  const left = ran.length && !outcome.isNothing ? undo : undefined
  record(outcome.text, isCalm(outcome, ran) ? 'info' : 'warning', left, outcome.isNothing)
  return left ? { ...outcome, undo: left } : outcome
}

/** No attention is needed: it is done, or it was cancelled before it had an effect. */
function isCalm({ kind }: Outcome, ran: readonly Step[]): boolean {
  return kind === 'done' || (kind === 'cancelled' && !ran.some(({ isFelt }) => isFelt !== false))
}

/** `ran`: the steps that have run are added to it. */
async function perform<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: Performing,
  ran: Step[],
): Promise<Outcome> {
  const { action, target, answers, steps } = prepared
  const began = fleet.now()
  /** what to clean up if this program is killed */
  const noted = new Map<Step, () => void>()
  /** the running command; it may have had an effect */
  let trying: Step | undefined
  try {
    for (const step of steps) {
      options.signal.throwIfAborted()
      const forget = step.tidy && fleet.leftovers?.note({ host: step.host, argv: step.tidy })
      if (forget) noted.set(step, forget)
      trying = step
      const no = await runStep(step, fleet, options)
      trying = undefined
      if (no) throw no
      ran.push(step)
    }
    for (const forget of noted.values()) forget()
  } catch (error) {
    for (const step of await tidyUp(steps.slice(0, ran.length + 1), fleet)) noted.get(step)?.()
    lookAfresh(prepared, fleet)
    const cut = { steps, ran, trying }
    if (options.signal.aborted) return await cutShort(prepared, fleet, options, cut, began)
    const nothing = isUnfelt(cut) ? ({ isNothing: true } as const) : {}
    const far = howFar(steps, ran)
    if (!(error instanceof HostError)) return { kind: 'failed', text: say`${whyOf(error)}${far}`, ...nothing }
    const { host, reason, advice } = error
    const next = action.next?.(target, answers, reason, ran)
    const text = say`${label(host)}: ${reason}${far}`
    return { kind: 'failed', text, advice, ...(next ? { next } : {}), ...nothing }
  }
  lookAfresh(prepared, fleet)
  if (options.wait === false || !action.settled) return done(prepared, fleet, say`done`)
  return await waitFor(prepared, fleet, options, began)
}

/** Reads the hosts of the commands again, and the target of a migration. */
function lookAfresh<T>({ target, answers, steps }: Prepared<T>, fleet: Fleet): void {
  const { uuid } = target as Partial<MachineRecord>
  for (const host of new Set([...steps.map((step) => step.host), answers.to]))
    if (host) fleet.lookAfresh(host, uuid)
}
