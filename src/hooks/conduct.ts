import { readFileSync, statSync } from 'node:fs'
import {
  type Answers,
  type Change,
  defaultOf,
  nextQuestion,
  permitted,
  type Question,
  refusedByMode,
} from '../actions/action.ts'
import { rowOf } from '../actions/listing.ts'
import { confirmation, type Prepared, prepareAll } from '../actions/prepare.ts'
import { nameOf, subjectName, type Target } from '../actions/subjects.ts'
import { stateText } from '../fleet/changes.ts'
import { duration } from '../fleet/duration.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import { placedOn } from '../fleet/places.ts'
import { whyOf } from '../hosts/host.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { carryOut } from './carry-out.ts'
import type { Console } from './console.ts'
import {
  type AskLayer,
  type ConfirmLayer,
  type Layer,
  type NoteLayer,
  type OutcomeLayer,
  type Undertaking,
  withdraws,
} from './layers.ts'
import { editLine, lineOf } from './line-edit.ts'
import { type Made, nameAt } from './made.ts'
import { pressPalette } from './palette.ts'
import { pressTasks } from './tasks.ts'

/** Begins an action: its first question, or its confirmation. What cannot be done at all is said at once. */
export function begin(console: Console, undertaking: Undertaking): void {
  const { action, targets } = undertaking
  const context = { fleet: console.fleet, snapshot: console.snapshot }
  const reasons = targets.map((target) => permitted(action, target, context))
  const mode = refusedByMode(action, console.fleet)
  const title = titleOf(undertaking)
  if (mode) return console.tell(say`${title}: ${mode}`, 'bad')
  const possible = targets.filter((_, i) => reasons[i] === true)
  const [only] = reasons
  if (!possible.length) {
    const name = targets[0] ? nameOf(targets[0] as Target) : say``
    const why =
      targets.length > 1
        ? say`none of the ${targets.length} marked can: ${only as Label}`
        : say`${name}: ${only as Label}`
    return console.tell(say`${title}: ${why}`, 'bad')
  }
  if (action.single && targets.length > 1)
    return console.tell(say`${title}: one at a time, ${targets.length} are marked`, 'bad')
  proceed(console, { ...undertaking, targets: targets.length > 1 ? targets : possible })
}

/** `Drain`, or `Undo: restore fe1, 10:36: Drain` */
function titleOf({ action, undoes }: Undertaking): Label {
  return undoes ? say`Undo: ${nameAt(undoes)}: ${label(action.title)}` : label(action.title)
}

/** The next question that has no answer yet; when there is none, the confirmation. */
function proceed(console: Console, undertaking: Undertaking): void {
  const { action, targets, answers } = undertaking
  const next = nextQuestion(action, targets, answers, console.snapshot)
  if (next) console.push(askLayer(console, undertaking, next))
  else confirm(console, undertaking)
}

function askLayer(
  console: Console,
  undertaking: Undertaking,
  { question, target }: NonNullable<ReturnType<typeof nextQuestion<unknown>>>,
): AskLayer {
  const { targets, answers } = undertaking
  const presets = targets.map((one) =>
    defaultOf(question, one, console.snapshot, console.fleet.now(), answers),
  )
  // Of several that differ none is proposed: it would be set for all of them by a mere Enter.
  const preset = new Set(presets).size > 1 ? undefined : presets[0]
  const choices = question.choices?.(target, console.snapshot, console.fleet.now(), answers, targets)
  const first = choices?.findIndex((c) => c.value === preset && !c.disabled) ?? -1
  const at = first >= 0 ? first : Math.max(0, choices?.findIndex((c) => !c.disabled) ?? 0)
  return {
    kind: 'ask',
    undertaking,
    question,
    at,
    line: lineOf(preset ?? ''),
    proposed: true,
    ...(choices ? { choices } : {}),
  }
}

/** `kiosk-07 on hv1, running for 3 d 4 h` */
function describe(target: Target, now: number, { service, host }: Answers): Label {
  if ('services' in target)
    return say`front end ${target.name} (${label(target.address)}), ${sumOf(target, service)} active connections`
  if ('reals' in target)
    return say`virtual service ${target.name} on ${label(target.balancer)}, ${target.reals.length} real servers`
  if (!('uuid' in target)) return say`on host ${nameOf(target)}`
  const { startedAt, ...there } = (host === undefined ? undefined : placedOn(target, host)) ?? target
  const up = startedAt === undefined ? say`` : say` for ${duration(now - startedAt)}`
  return say`${target.name} on ${label(there.host)}, ${stateText(there)}${up}`
}

/** In the service that is meant, else in all. */
function sumOf({ services }: FrontendRecord, service: string | undefined): number {
  const meant = services.filter(({ virtual }) => [undefined, 'all', virtual].includes(service))
  return meant.reduce((sum, { active }) => sum + active, 0)
}

function confirm(console: Console, undertaking: Undertaking): void {
  const { action, targets, answers, undoes } = undertaking
  const { prepared, leftOut } = prepareAll(action, targets, answers, console.fleet)
  const refused = leftOut.map(({ target, refused }) => say`${nameOf(target as Target)}: ${refused}`)
  const [first] = prepared
  if (!first) return console.tell(say`${titleOf(undertaking)}: ${refused[0] ?? say`nothing to do`}`, 'bad')
  const wanted = confirmation(prepared, console.fleet)
  const what =
    prepared.length > 1
      ? say`${prepared.length} ${subjectName(action.subject)}s`
      : nameOf(first.target as Target)
  const now = console.fleet.now()
  const question = questionOf(action, what, meant(prepared))
  const layer: ConfirmLayer = {
    kind: 'confirm',
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
  console.push(layer)
}

/** What is done for it, and to what state it goes back. */
function undoText({ before }: Made, question: Label): Label {
  const how = label(question.replace(/\?$/, ''))
  return before ? say`${how}; before it was: ${before}` : how
}

/** The answers that are the same for all; where each goes to a host of its own, so that is said. */
function meant(prepared: readonly Prepared[]): Answers {
  const [first, ...rest] = prepared
  const { to, ...others } = first?.answers ?? {}
  if (to === undefined) return others
  return rest.every(({ answers }) => answers.to === to)
    ? { ...others, to }
    : { ...others, to: 'hosts of their own' }
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

/** Gives a key to the layer on top. */
export function pressLayer(console: Console, layer: Layer, key: string): void {
  if (key === 'escape' || key === 'ctrl-c') return dismiss(console, layer)
  switch (layer.kind) {
    case 'filter':
      return pressFilter(console, key)
    case 'note':
      return pressNote(console, layer, key)
    case 'palette':
      return pressPalette(console, layer, key)
    case 'ask':
      return pressAsk(console, layer, key)
    case 'confirm':
      return pressConfirm(console, layer, key)
    case 'outcome':
      return pressOutcome(console, layer, key)
    case 'tasks':
      return pressTasks(console, layer, key)
    case 'leave':
      if (key === 'y') console.quit?.()
      else console.pop()
  }
}

function dismiss(console: Console, layer: Layer): void {
  if (layer.kind === 'filter') console.filter = layer.before
  console.layers = layer.kind === 'ask' || layer.kind === 'confirm' ? [] : console.layers.slice(0, -1)
}

function pressFilter(console: Console, key: string): void {
  const layer = console.layers.at(-1)
  if (layer?.kind !== 'filter') return
  if (key === 'up' || key === 'down') return console.move(key === 'up' ? -1 : 1)
  if (key === 'return' || (key === 'backspace' && layer.line.text === '')) return console.pop()
  const line = editLine(layer.line, key)
  if (!line) return
  console.replace({ ...layer, line })
  console.filter = line.text
}

function pressNote(console: Console, layer: NoteLayer, key: string): void {
  const { alert, line } = layer
  if (key !== 'return') {
    const edited = editLine(line, key)
    if (edited) console.replace({ ...layer, line: edited })
    return
  }
  console.pop()
  if (withdraws(layer)) {
    console.fleet.withdraw(alert, console.who)
    return console.tell(say`${alert.name}: acknowledgement withdrawn`)
  }
  console.fleet.acknowledge(alert, console.who, line.text)
  console.tell(say`${alert.name}: acknowledged`)
}

function pressAsk(console: Console, layer: AskLayer, key: string): void {
  if (key === 'return') return answer(console, layer)
  const { choices } = layer
  if (!choices) {
    const line = editLine(layer.proposed && [...key].length === 1 ? lineOf('') : layer.line, key)
    if (line) {
      const { wrong: _, ...rest } = layer
      console.replace({ ...rest, line, proposed: false })
    }
    return
  }
  const digit = /^[1-9]$/.test(key) ? Number(key) - 1 : -1
  if (digit >= 0 && digit < choices.length) return answer(console, { ...layer, at: digit })
  const step =
    key === 'down' || key === 'j' || key === 'tab'
      ? 1
      : key === 'up' || key === 'k' || key === 'backtab'
        ? -1
        : 0
  const { wrong: _, ...rest } = layer
  if (step) console.replace({ ...rest, at: (layer.at + step + choices.length) % choices.length })
}

function answer(console: Console, layer: AskLayer): void {
  const { undertaking, question, choices } = layer
  const choice = choices?.[layer.at]
  if (choices && (!choice || choice.disabled))
    return console.replace({ ...layer, wrong: choice?.disabled ?? say`there is nothing to choose` })
  const value = answerValue(question, choice?.value ?? layer.line.text)
  if (typeof value !== 'string') return console.replace({ ...layer, wrong: value.wrong })
  const { targets, answers } = undertaking
  const reasons = targets.map((one) =>
    question.wrong?.(value, one, console.snapshot, console.fleet.now(), answers, targets),
  )
  // Of several, those for which it cannot be are left out, and told of before it is confirmed.
  const [wrong] = reasons
  if (reasons.every((one) => one) && wrong) return console.replace({ ...layer, wrong })
  console.pop()
  proceed(console, { ...undertaking, answers: { ...undertaking.answers, [question.id]: value } })
}

/** Bytes: no definition is larger. */
const largestFile = 4 * 2 ** 20

/** A question for a file takes its content. */
function answerValue(question: Question<unknown>, typed: string): string | { wrong: Label } {
  if (question.value !== 'FILE') return typed
  try {
    // What is no file (a pipe, a device) may never end.
    const about = statSync(typed)
    if (!about.isFile() || about.size > largestFile) return { wrong: say`no file of at most 4 MiB` }
    return readFileSync(typed, 'utf8')
  } catch (error) {
    return { wrong: whyOf(error) }
  }
}

function pressConfirm(console: Console, layer: ConfirmLayer, key: string): void {
  const { typed } = layer
  const step = scrolled[key]
  if (step) return console.replace({ ...layer, top: Math.max(0, layer.top + step) })
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
        ? dismiss(console, layer)
        : console.replace({ ...layer, wrong: say`that is not ${typed.wanted}` })
    }
    const line = editLine(typed.line, key)
    const { wrong: _, ...rest } = layer
    if (line) console.replace({ ...rest, typed: { ...typed, line } })
    return
  }
  if (key === 'y') return carryOut(console, layer)
  if (key === 'n' || key === 'q') return dismiss(console, layer)
  if (key === 'return') return layer.focus === 'go' ? carryOut(console, layer) : dismiss(console, layer)
  const { wrong: _, ...rest } = layer
  if (['tab', 'backtab', 'left', 'right'].includes(key))
    console.replace({ ...rest, focus: layer.focus === 'go' ? 'cancel' : 'go' })
}

/** By how many lines the plan moves. */
const scrolled: Readonly<Record<string, number>> = { pagedown: 5, pageup: -5, down: 1, up: -1 }

function pressOutcome(console: Console, layer: OutcomeLayer, key: string): void {
  if (key === 'return' || key === 'n' || key === 'q') return console.pop()
  if (key !== 'y' || !layer.next) return
  console.pop()
  console.follow(layer.next)
}
