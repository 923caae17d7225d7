import type { Change } from '../actions/action.ts'
import { foresee } from '../actions/foresee.ts'
import { rowOf } from '../actions/listing.ts'
import { confirmation, type Prepared, prepareAll } from '../actions/prepare.ts'
import type { Answers } from '../actions/question.ts'
import { resourceWords } from '../actions/resource/standing.ts'
import { nameOf, subjectName, type Target } from '../actions/subjects.ts'
import { channelText, isChannel } from '../fleet/display/record.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import { sumOf } from '../fleet/frontend/parts.ts'
import { stateText } from '../fleet/machine/conditions.ts'
import { placedOn } from '../fleet/machine/places.ts'
import { sessionText } from '../fleet/session/record.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { type Batch, nameAt } from './batch.ts'
import { carryOut } from './carry-out.ts'
import type { ConfirmLayer, Undertaking } from './layers.ts'
import { editLine, lineOf } from './line-edit.ts'
import type { ConsoleState } from './state.ts'

/** `Drain`, or `Undo: restore fe1, 10:36: Drain` */
export function titleOf({ action, undoes }: Pick<Undertaking, 'action' | 'undoes'>): Label {
  return undoes ? say`Undo: ${nameAt(undoes)}: ${label(action.title)}` : label(action.title)
}

/** `kiosk-07 on hv1, running for 3 d 4 h` */
function describe(target: Target, now: number, { service, host }: Answers): Label {
  if ('services' in target)
    return say`front end ${target.name} (${label(target.address)}), ${sumOf({ services: meantOf(target, service) }, ({ active }) => active)} active connections`
  if ('reals' in target)
    return say`virtual service ${target.name} on ${label(target.balancer)}, ${target.reals.length} real servers`
  if ('rules' in target) return say`cluster resource ${target.name}, ${resourceWords(target)}`
  if ('runs' in target)
    return say`cluster node ${target.name}, ${label(target.state)}, runs ${target.runs} resource${target.runs === 1 ? say`` : say`s`}`
  if ('machine' in target) return say`session ${target.name} on ${label(target.host)}, ${sessionText(target)}`
  if ('id' in target)
    return say`display ${target.name} on ${label(target.host)}${isChannel(target) ? say`, ${channelText(target)}` : say``}`
  if (!('uuid' in target)) return say`on host ${nameOf(target)}`
  const { startedAt, ...there } = (host === undefined ? undefined : placedOn(target, host)) ?? target
  const up = startedAt === undefined ? say`` : say` for ${duration(now - startedAt)}`
  return say`${target.name} on ${label(there.host)}, ${stateText(there)}${up}`
}

/** The service that is meant, else all. */
function meantOf({ services }: FrontendRecord, service: string | undefined): FrontendRecord['services'] {
  return services.filter(({ virtual }) => [undefined, 'all', virtual].includes(service))
}

/** The plan of what was asked for; or why there is none. */
export function confirmLayer(console: ConsoleState, undertaking: Undertaking): ConfirmLayer | Label {
  const { action, targets, answers, own } = undertaking
  const { prepared, leftOut } = prepareAll(action, targets, answers, console.fleet, own)
  const refused = [
    ...undertaking.leftOut.map(({ name, why }) => say`${name}: ${why}`),
    ...leftOut.map(({ target, refused }) => say`${nameOf(target as Target)}: ${refused}`),
  ]
  return prepared.length
    ? planLayer(console, undertaking, prepared, refused)
    : (refused.at(-1) ?? say`nothing to do`)
}

function planLayer(
  console: ConsoleState,
  undertaking: Undertaking,
  prepared: readonly Prepared[],
  refused: readonly Label[],
): ConfirmLayer {
  const { action, undoes } = undertaking
  const [first] = prepared as readonly [Prepared, ...Prepared[]]
  const wanted = confirmation(prepared, console.fleet)
  const what =
    prepared.length > 1
      ? say`${prepared.length} ${subjectName(action.subject)}s`
      : nameOf(first.target as Target)
  const now = console.fleet.now()
  const question = questionOf(action, what, meant(prepared))
  return {
    kind: 'confirm',
    undertaking,
    prepared,
    title: undoes ? say`Undo: ${nameAt(undoes)}` : question,
    about: [
      ...(undoes ? [undoText(undoes, question)] : []),
      ...new Set([
        ...(prepared.length > 1 ? [] : [describe(first.target as Target, now, first.answers)]),
        ...prepared.flatMap(({ warnings }) => warnings),
      ]),
    ],
    rows: prepared.length > 1 ? prepared.map((one) => rowOf(one, now)) : [],
    refused,
    focus: 'cancel',
    top: 0,
    ...(wanted ? { typed: { wanted, line: lineOf('') } } : {}),
    ...(undoes ? { undoes } : {}),
  }
}

/** Shows a plan; where somebody has to be asked first what it would do, it can be confirmed once they have said so. */
export function showPlan(console: ConsoleState, layer: ConfirmLayer): void {
  const { undertaking, prepared, refused } = layer
  const asked = foresee(prepared, console.fleet, console.fleet.ending)
  if (!asked) return console.push(layer)
  const { typed: _, ...asking } = layer
  console.push({ ...asking, about: [...layer.about, say`asking what would happen ...`], isAsking: true })
  void asked.then((known) => {
    const top = console.layers.at(-1)
    if (top?.kind !== 'confirm' || top.prepared !== prepared) return
    console.pop()
    // What is pushed is confirmed by no key that came before it was seen.
    console.push(planLayer(console, undertaking, known, refused))
    console.changed()
  })
}

/** What is done for it, and to what state it goes back. */
function undoText({ before }: Batch, question: Label): Label {
  const how = label(question.replace(/\?$/, ''))
  return before ? say`${how}; before it was: ${before}` : how
}

/** The answers that are the same for all; where each goes to a host of its own, so that is said. */
function meant(prepared: readonly Prepared[]): Answers {
  const [first, ...rest] = prepared
  const all = Object.entries(first?.answers ?? {})
  const same = Object.fromEntries(
    all.filter(([id, value]) => rest.every(({ answers }) => answers[id] === value)),
  )
  return first?.answers.to === same.to ? same : { ...same, to: 'hosts of their own' }
}

/** `Migrate kiosk-07 to hv2?` */
function questionOf({ title }: Change<unknown>, what: Label, { to, name, service, address }: Answers): Label {
  const made = name ? say` ${label(name)} on` : say``
  const where = [
    to ? say` to ${label(to)}` : say``,
    address ? say` as ${label(address)}` : say``,
    service && service !== 'all' ? say` in ${label(service)}` : say``,
  ]
  return say`${label(title)}${made} ${what}${joined(where, '')}?`
}

export function pressConfirm(console: ConsoleState, layer: ConfirmLayer, key: string): void {
  const { typed } = layer
  const step = scrolled[key]
  if (step) return console.replace({ ...layer, top: Math.max(0, layer.top + step) })
  if (layer.isAsking && ['return', 'y'].includes(key))
    return console.replace({ ...layer, wrong: say`wait until it is known what would happen` })
  // What was typed ahead, or came as noise, confirms nothing that nobody has seen.
  if (!console.isSeen && (key === 'return' || (key === 'y' && !typed)))
    return console.replace({
      ...layer,
      wrong: say`that key came before this was shown: look, and press it again`,
    })
  if (typed) {
    if (key === 'return') {
      if (typed.line.text === typed.wanted) return carryOut(console, layer)
      return typed.line.text === ''
        ? dismissed(console)
        : console.replace({ ...layer, wrong: say`that is not ${typed.wanted}` })
    }
    const line = editLine(typed.line, key)
    const { wrong: _, ...rest } = layer
    if (line) console.replace({ ...rest, typed: { ...typed, line } })
    return
  }
  if (key === 'y') return carryOut(console, layer)
  if (key === 'n' || key === 'q') return dismissed(console)
  if (key === 'return') return layer.focus === 'go' ? carryOut(console, layer) : dismissed(console)
  const { wrong: _, ...rest } = layer
  if (['tab', 'backtab', 'left', 'right'].includes(key))
    console.replace({ ...rest, focus: layer.focus === 'go' ? 'cancel' : 'go' })
}

/** Closes the dialog, and says so: who pressed Enter out of habit is not to believe that it was done. */
function dismissed(console: ConsoleState): void {
  console.layers = []
  console.tell(say`cancelled; nothing was done`)
}

/** By how many lines the plan moves. */
const scrolled: Readonly<Record<string, number>> = { pagedown: 5, pageup: -5, down: 1, up: -1 }
