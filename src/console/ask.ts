import { readFileSync, statSync } from 'node:fs'
import { permitted, refusedByMode } from '../actions/action.ts'
import { type Choice, defaultOf, nextQuestion, objectionTo, type Question } from '../actions/question.ts'
import { nameOf, subjectName, type Target } from '../actions/subjects.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import { confirmLayer, showPlan, titleOf } from './confirm.ts'
import type { AskLayer, ConfirmLayer, NotNow, Undertaking } from './layers.ts'
import { editLine, lineOf } from './line-edit.ts'
import type { ConsoleState } from './state.ts'

/** Begins an action: its first question, or its confirmation. What cannot be done at all is said at once. */
export function begin(console: ConsoleState, given: Omit<Undertaking, 'asked' | 'typed' | 'leftOut'>): void {
  const undertaking = { ...given, asked: [], typed: {}, leftOut: [] }
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
    // What cannot be undone yet may be so when it has come to its end.
    const yet = undertaking.undoes?.isUnderWay ? say`; what it undoes is under way: W lists it` : say``
    return console.tell(say`${title}: ${why}${yet}`, 'bad')
  }
  if (action.single && targets.length > 1)
    return console.tell(say`${title}: one at a time, ${targets.length} are marked`, 'bad')
  const leftOut = targets.flatMap((target, i): NotNow[] => {
    const why = reasons[i]
    return why === undefined || why === true ? [] : [{ name: nameOf(target as Target), why }]
  })
  // What is asked is asked of those with which it can be done: only they count, and take room.
  proceed(console, { ...undertaking, targets: possible, leftOut })
}

/** What is asked for several, and how many that is. */
export function askedOf({ action, targets }: Undertaking): Label {
  return targets.length > 1
    ? say`${targets.length} ${subjectName(action.subject)}s`
    : nameOf(targets[0] as Target)
}

/** A line for each reason: `left out: web2: it is shut off`, `left out: 7 machines: it is shut off`. */
export function leftOutTexts({ action, leftOut }: Undertaking): Label[] {
  return [...Map.groupBy(leftOut, ({ why }) => why)].map(([why, all]) => {
    const [first, ...more] = all
    const who = more.length ? say`${all.length} ${subjectName(action.subject)}s` : first?.name
    return say`left out: ${who ?? say``}: ${why}`
  })
}

/** The next question that has no answer yet; when there is none, the confirmation. */
function proceed(console: ConsoleState, undertaking: Undertaking): void {
  const next = undertaking.own ? undefined : questionAfter(console, undertaking)
  if (next) return console.push(next)
  const plan = confirmLayer(console, undertaking)
  if (typeof plan !== 'string') return showPlan(console, plan)
  // What was answered is not lost where it leads nowhere: the last of it can be mended.
  const last = questionBefore(console, undertaking)
  if (last) console.push({ ...last, wrong: plan })
  else console.tell(say`${titleOf(undertaking)}: ${plan}`, 'bad')
}

function questionAfter(console: ConsoleState, undertaking: Undertaking): AskLayer | undefined {
  const { action, targets, answers } = undertaking
  const next = nextQuestion(action, targets, answers, console.snapshot)
  return next && askLayer(console, undertaking, next)
}

/** The question that was answered last, as if it had not been; undefined: none was. */
function questionBefore(console: ConsoleState, undertaking: Undertaking): AskLayer | undefined {
  const last = undertaking.asked.at(-1)
  if (last === undefined) return undefined
  const { [last]: _, ...answers } = undertaking.answers
  const earlier = { ...undertaking, answers, asked: undertaking.asked.slice(0, -1) }
  // It may make no sense any more, as things stand by now.
  return questionAfter(console, earlier) ?? questionBefore(console, earlier)
}

function askLayer(
  console: ConsoleState,
  undertaking: Undertaking,
  { question, target }: NonNullable<ReturnType<typeof nextQuestion<unknown>>>,
): AskLayer {
  const { targets, answers, typed } = undertaking
  const presets = targets.map((one) =>
    defaultOf(question, one, console.snapshot, console.fleet.now(), answers),
  )
  const own = typed[question.id]
  // Of several that differ none is proposed: it would be set for all of them by a mere Enter.
  const preset = own ?? (new Set(presets).size > 1 ? undefined : presets[0])
  const choices = question.choices?.(target, console.snapshot, console.fleet.now(), answers, targets)
  const first = choices?.findIndex((c) => c.value === preset && !c.disabled) ?? -1
  const at = first >= 0 ? first : Math.max(0, choices?.findIndex((c) => !c.disabled) ?? 0)
  return {
    kind: 'ask',
    undertaking,
    question,
    target,
    at,
    line: lineOf(preset ?? ''),
    proposed: own === undefined,
    ...(choices ? { choices } : {}),
  }
}

/** The choices of a question with what is known of each by now; which there are, and their order, stays as it was asked. */
export function choicesNow(console: ConsoleState, layer: AskLayer): readonly Choice[] | undefined {
  const { choices, question, target, undertaking } = layer
  const { targets, answers } = undertaking
  if (!choices) return undefined
  const known = question.choices?.(target, console.snapshot, console.fleet.now(), answers, targets) ?? []
  const by = new Map(known.map((choice) => [choice.value, choice]))
  return choices.map((choice) => by.get(choice.value) ?? choice)
}

/** Whether a key asks for the question before. Where there is a list, also the keys that lead back from a screen. */
export function leadsBack(layer: AskLayer | ConfirmLayer, key: string): boolean {
  const inList = layer.kind === 'ask' && layer.choices !== undefined
  return key === 'ctrl-p' || (inList && (key === 'left' || key === 'backspace'))
}

/** Asks the question before once more. What was answered since is proposed again, when its turn comes. */
export function stepBack(console: ConsoleState, layer: AskLayer | ConfirmLayer): void {
  const { undertaking } = layer
  const typed = { ...undertaking.typed, ...(layer.kind === 'ask' ? typedIn(layer) : {}) }
  const before = questionBefore(console, { ...undertaking, typed })
  if (!before) return console.replace({ ...layer, wrong: say`no question was answered before; Esc gives up` })
  console.pop()
  console.push(before)
}

/** What stands in a dialog by the person's hand. */
function typedIn({ question, choices, at, line, proposed }: AskLayer): Undertaking['typed'] {
  const value = choices ? choices[at]?.value : line.text
  return proposed || value === undefined ? {} : { [question.id]: value }
}

export function pressAsk(console: ConsoleState, layer: AskLayer, key: string): void {
  if (leadsBack(layer, key)) return stepBack(console, layer)
  if (key === 'return') return answer(console, layer)
  const { choices } = layer
  const { wrong: _, ...rest } = layer
  if (!choices) {
    const line = editLine(layer.proposed && [...key].length === 1 ? lineOf('') : layer.line, key)
    if (line) console.replace({ ...rest, line, proposed: false })
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
  if (step)
    console.replace({ ...rest, at: (layer.at + step + choices.length) % choices.length, proposed: false })
}

function answer(console: ConsoleState, layer: AskLayer): void {
  const { undertaking, question } = layer
  const choices = choicesNow(console, layer)
  const choice = choices?.[layer.at]
  if (choices && (!choice || choice.disabled))
    return console.replace({ ...layer, wrong: choice?.disabled ?? say`there is nothing to choose` })
  const own = choice?.value ?? layer.line.text
  const value = answerValue(question, own)
  if (typeof value !== 'string') return console.replace({ ...layer, wrong: value.wrong })
  const { targets, answers } = undertaking
  const reasons = targets.map((one) =>
    objectionTo(question, value, one, console.snapshot, console.fleet.now(), answers, targets),
  )
  // Of several, those for which it cannot be are left out, and told of before it is confirmed.
  const [wrong] = reasons
  if (reasons.every((one) => one) && wrong) return console.replace({ ...layer, wrong })
  console.pop()
  proceed(console, {
    ...undertaking,
    answers: { ...answers, [question.id]: value },
    asked: [...undertaking.asked, question.id],
    typed: { ...undertaking.typed, [question.id]: own },
  })
}

/** Bytes: no definition is larger. */
const largestFile = 4 * 2 ** 20

/** A question for a file takes its content. */
function answerValue(question: Question<unknown>, typed: string): string | { wrong: Label } {
  if (!question.isFile) return typed
  try {
    // What is no file (a pipe, a device) may never end.
    const about = statSync(typed)
    if (!about.isFile() || about.size > largestFile) return { wrong: say`no file of at most 4 MiB` }
    return readFileSync(typed, 'utf8')
  } catch (error) {
    return { wrong: whyOf(error) }
  }
}
