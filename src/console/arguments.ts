import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { choiceFrom } from '../views/columns-of.ts'
import { ranked } from '../views/filter.ts'
import { isTableKind, tableViewOf } from '../views/kinds.ts'
import { allNames, calledSo, meantIn, namesIn, nothingCalled } from '../views/meant.ts'
import { columnsNamed, type Named, namesOf } from '../views/named.ts'
import { everything, type ShownKind } from '../views/world.ts'
import { open } from './enter.ts'
import type { ConsoleState } from './state.ts'
import { kindIn, listOf, tableKind } from './table-kinds.ts'

/** What may be named behind a command. */
export interface Argument {
  /** the likeliest first */
  readonly names: (console: ConsoleState, typed: string) => readonly string[]
  /** does it with what was named; returns why not, where that can be mended */
  readonly run: (console: ConsoleState, named: string) => Label | undefined
  /** by its name alone the command does nothing: something has to be named */
  readonly isNeeded?: true
  /** several may be named, with blanks or commas between */
  readonly isList?: true
}

/** One of a kind: it is opened; of several the list with these. */
export function oneOf(kind: ShownKind): Argument {
  return {
    names: ({ snapshot }, typed) => ranked(namesIn(kind, snapshot).toSorted(), typed),
    run: (console, named) => {
      const meant = meantIn(kind, named, console.world)
      if ('none' in meant) return meant.none
      console.pages.go(listOf(kind))
      if ('id' in meant) open(console, kind, meant.id)
      else console.tables.set(listOf(kind), { ...everything, filter: meant.filter })
      return undefined
    },
  }
}

/** What has a name, of whatever kind: it is opened. */
export const anything: Argument = {
  names: ({ snapshot }, typed) => ranked(allNames(snapshot).toSorted(), typed),
  run: (console, named) => {
    const found = calledSo(named, console.world)
    const [first] = found
    if (!first) return nothingCalled(named, console.snapshot)
    // Of several of one kind nobody says which.
    if (found.filter(({ kind }) => kind === first.kind).length > 1)
      return oneOf(first.kind).run(console, named)
    open(console, first.kind, first.id)
    return undefined
  },
}

/** The columns of the table that is shown. */
function columnsIn({ table, world }: ConsoleState): readonly Named[] {
  const kind = table && kindIn(table)
  return kind && isTableKind(kind) ? tableViewOf(kind).columns(world) : []
}

/** In what orders it can be: by its columns, and by its own. */
function ordersIn(console: ConsoleState): readonly Named[] {
  const columns = columnsIn(console)
  const { orders } = console.table ? tableKind(console.table) : { orders: [] }
  return orders.map((id) => columns.find((one) => one.id === id) ?? { id, title: say`` })
}

/** What may be meant by its heading first, then what has it in its name. */
function likely(all: readonly Named[], typed: string): readonly string[] {
  const ids = all.map(({ id }) => id)
  return [...new Set([...columnsNamed(all, typed).map(({ id }) => id), ...ranked(ids, typed)])]
}

/** A column by which the table is sorted. */
export const order: Argument = {
  names: (console, typed) => likely(ordersIn(console), typed),
  isNeeded: true,
  run: (console, named) => {
    const { table, tables } = console
    const orders = ordersIn(console)
    const found = columnsNamed(orders, named)
    const [first, ...more] = found
    const [other] = first ? [] : columnsNamed(columnsIn(console), named)
    if (other) return say`it cannot be sorted by ${other.title}`
    if (!first) return noSuch(say`column`, named, namesOf(orders))
    if (more.length) return say`which: ${label(found.map(({ id }) => id).join(', '))}`
    if (!table) return undefined
    tables.sort(table, first.id)
    // Who names a column looks for what is first in it.
    tables.move(table, 'first')
    return undefined
  },
}

/** The columns that are wanted. */
export const columns: Argument = {
  names: (console, typed) => {
    const [, sign, name = ''] = /^([-+]?)(.*)$/.exec(typed) ?? []
    const names = likely(columnsIn(console), name).map((one) => `${sign}${one}`)
    return typed && 'reset'.startsWith(typed) ? ['reset', ...names] : names
  },
  isNeeded: true,
  isList: true,
  run: (console, named) => {
    const { table, tables } = console
    if (!table) return undefined
    const choice = choiceFrom(named, columnsIn(console), tables.of(table).columns)
    if ('wrong' in choice) return choice.wrong
    const isReset = !Object.keys(choice).length
    tables.set(table, { columns: (isReset && console.wished.get(table)) || choice })
    return undefined
  },
}

/** In one line: that there is none, and what was probably meant. */
export function noSuch(what: Label, word: string, known: readonly string[]): Label {
  const near = didYouMean(word, known)
  return near ? say`no ${what} ${label(word)}. ${near}` : say`no ${what} ${label(word)}`
}
