import { say } from '../hosts/label.ts'
import type { Part } from '../text/part.ts'
import { viewOf } from '../views/kinds.ts'
import { checkLines } from './check-lines.ts'
import { helpLines } from './help-lines.ts'
import type { Extent } from './pages.ts'
import { pageKind } from './selection.ts'
import type { ConsoleState } from './state.ts'
import { xmlLines } from './xml-lines.ts'

type Lines = readonly (readonly Part[])[]

/** Columns that stand left and right of a page of text. */
const margins = 4

/** Lines of a chart, at least: its name or the time is one more. */
export const leastOfChart = 2
/** Lines of the charts that are none of one: the title, the time, and what keys do. */
export const besidesCharts = 3

interface Made {
  readonly of: readonly unknown[]
  readonly lines: Lines
}

/** What was made last: a frame asks several times. */
const made = new WeakMap<ConsoleState, Made>()

/** The lines of the page of text that is shown, for so many columns; undefined: it is none. */
export function pageLines(console: ConsoleState, columns: number): Lines | undefined {
  const { page, pages, world, checks, table } = console
  if (table || page.screen === 'charts') return undefined
  const of = [page.screen, page.id, page.filter, pages.below?.screen, world, checks, columns]
  const last = made.get(console)
  if (last?.of.every((one, i) => one === of[i])) return last.lines
  const lines = linesOf(console, columns)
  made.set(console, { of, lines })
  return lines
}

function linesOf(console: ConsoleState, columns: number): Lines {
  const { page, pages, world } = console
  const id = page.id ?? ''
  if (page.screen === 'help') return helpLines(pages.below?.screen ?? 'overview', page.filter ?? '', columns)
  if (console.past && (page.screen === 'xml' || page.screen === 'checks'))
    return [[say`This is of now, and was not kept. Esc shows it.`]]
  if (page.screen === 'xml') return xmlLines(world.definitions.get(id), columns - margins)
  if (page.screen === 'checks') return checkLines(id, console.checks.get(id), columns - margins)
  const kind = pageKind(page.screen)
  if (!kind) return []
  const view = viewOf(kind)
  const one = view.find(id, world)
  return one === undefined
    ? [
        [
          console.past
            ? say`This ${view.name} was not there.`
            : say`This ${view.name} is gone. Esc goes back.`,
        ],
      ]
    : view.page(one, world, columns - margins)
}

/** How long what is shown is, and how much of it has room: lines of a page of text, or charts; undefined: it is a table. */
export function extentOf(console: ConsoleState): Extent | undefined {
  const { page, textRows, size } = console
  if (page.screen === 'charts') {
    const lines = page.id === undefined ? console.rows('frontend').length : 1
    return { lines, height: Math.max(1, Math.floor((textRows - besidesCharts) / (leastOfChart + 1))) }
  }
  const lines = pageLines(console, size.columns)
  return lines && { lines: lines.length, height: textRows }
}

/** The first of these on the screen. */
export function topOf(console: ConsoleState): number {
  const { lines, height } = extentOf(console) ?? { lines: 0, height: 1 }
  return Math.min(console.page.top, Math.max(0, lines - height))
}
