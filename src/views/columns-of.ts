import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { columnsNamed, type Named, namesOf } from './named.ts'

/** Which columns of a table a person wants, by their ids. What is not said stays as it is. */
export interface ColumnChoice {
  /** these alone, in this order; the last of them give way first */
  readonly only?: readonly string[]
  /** these stay where others give way */
  readonly kept?: readonly string[]
  readonly left?: readonly string[]
}

interface Column extends Named {
  readonly givesWay: number
}

/** Less than what gives way at first, and more than what always stays. */
const last = 0.5

/** The columns as they are wanted. */
export function columnsOf<C extends Column>(
  all: readonly C[],
  { only, kept = [], left = [] }: ColumnChoice,
): readonly C[] {
  if (only)
    return only.flatMap((id, i) => {
      const column = all.find((one) => one.id === id)
      return column ? { ...column, givesWay: i } : []
    })
  return all
    .filter(({ id }) => !left.includes(id))
    .map((column) =>
      kept.includes(column.id) ? { ...column, givesWay: Math.min(last, column.givesWay) } : column,
    )
}

/**
 * A choice as it is typed: `name, host, cpu` these alone; `+disk` and `-up` with one more and without one; `reset` as at first. Names are
 * ids or headings, with commas between, or blanks where no heading has one.
 *
 * @returns why it is none, where it is none
 */
export function choiceFrom(
  typed: string,
  all: readonly Named[],
  now: ColumnChoice = {},
): ColumnChoice | { readonly wrong: Label } {
  if (typed.trim() === 'reset') return {}
  const words = typed.split(',').flatMap((part) => wordsIn(part.trim(), all))
  if (!words.length) return { wrong: say`which columns? ${idsText(all)}` }
  const signed = words.filter((word) => /^[-+]/.test(word))
  if (signed.length && signed.length < words.length)
    return { wrong: say`either names, or names with + and -` }
  let choice: ColumnChoice = signed.length ? now : { only: [] }
  for (const word of words) {
    const [, sign, name = ''] = /^([-+]?)(.*)$/.exec(word) ?? []
    const [found, ...more] = columnsNamed(all, name)
    if (!found || more.length) return { wrong: found ? severalText([found, ...more]) : noneText(name, all) }
    choice = sign === '-' ? without(choice, found.id) : withColumn(choice, found.id, sign === '+')
  }
  const isNone = choice.only ? !choice.only.length : (choice.left ?? []).length >= all.length
  return isNone ? { wrong: say`one column has to stay` } : choice
}

/** One heading may have blanks; what is none are several words. */
function wordsIn(part: string, all: readonly Named[]): readonly string[] {
  const name = part.replace(/^[-+]/, '')
  return columnsNamed(all, name).length === 1 ? [part] : part.split(/\s+/).filter(Boolean)
}

function withColumn({ only, kept = [], left = [] }: ColumnChoice, id: string, isMore: boolean): ColumnChoice {
  if (only) return { only: [...only.filter((one) => one !== id), id] }
  return { kept: isMore ? [...kept, id] : kept, left: left.filter((one) => one !== id) }
}

function without({ only, kept = [], left = [] }: ColumnChoice, id: string): ColumnChoice {
  if (only) return { only: only.filter((one) => one !== id) }
  return { kept: kept.filter((one) => one !== id), left: [...left, id] }
}

function severalText(found: readonly Named[]): Label {
  return say`which: ${idsText(found)}`
}

function idsText(columns: readonly Named[]): Label {
  return label(columns.map(({ id }) => id).join(', '))
}

function noneText(name: string, all: readonly Named[]): Label {
  const near = didYouMean(name, namesOf(all))
  return near
    ? say`no column ${label(name)}. ${near}`
    : say`no column ${label(name)}; there are ${idsText(all)}`
}
