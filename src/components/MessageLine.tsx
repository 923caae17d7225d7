import type { ReactNode } from 'react'
import type { Console } from '../console/console.ts'
import type { Task } from '../console/layers.ts'
import { agoText } from '../console/not-now.ts'
import { topOf } from '../console/page-text.ts'
import { completions } from '../console/palette.ts'
import { kindIn, type TableId, tableKind } from '../console/table-kinds.ts'
import { kinds } from '../fleet/kinds.ts'
import { wallTime } from '../hosts/clock.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { width as widthOf, wrap } from '../text/fit.ts'
import { clock, gauge } from '../text/format.ts'
import type { Part } from '../text/part.ts'
import { textOf } from '../text/part.ts'
import { isTableKind, tableViewOf } from '../views/kinds.ts'
import { Line } from './Line.tsx'
import { layOut } from './Table.tsx'
import { TypedLine } from './TypedLine.tsx'

/** More have no room. */
const mostProposed = 20

/** The line above the footer: what is typed, what is under way, what was said last. */
export function MessageLine({
  console,
  height,
  width,
}: {
  readonly console: Console
  readonly height: number
  readonly width: number
}): ReactNode {
  const layer = console.layers.at(-1)
  if (layer?.kind === 'filter') return <TypedLine prompt={say`/`} line={layer.line} width={width} />
  if (layer?.kind === 'note') {
    const prompt =
      'incident' in layer
        ? say`Note on ${kinds.incident.nameOf(layer.incident)}: `
        : say`Note on ${layer.alert.name}, or none: `
    return <TypedLine prompt={prompt} line={layer.line} width={width} />
  }
  if (layer?.kind === 'palette') {
    const found = layer.line.text
      ? completions(console, layer.line.text).slice(0, mostProposed).join('  ')
      : ''
    const hint = layer.wrong ?? label(found)
    return <TypedLine prompt={say`:`} line={layer.line} hint={hint} width={width} />
  }
  return messageLines(console, width)
    .slice(0, height)
    .map((parts, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
      <Line key={i} parts={parts} width={width} />
    ))
}

/** So many lines at most: the screen stays. */
const mostLines = 4

/** What is said last, in as many lines as it needs; while something is typed there is one. */
export function messageLines(console: Console, width: number): readonly (readonly Part[])[] {
  const layer = console.layers.at(-1)
  if (layer?.kind === 'filter' || layer?.kind === 'note' || layer?.kind === 'palette') return [[]]
  const parts = messageParts(console, width)
  const last = parts.at(-1) ?? say``
  const [text, tone] = typeof last === 'string' ? [last] : last
  const before = parts.slice(0, -1)
  const begin = before.reduce((sum, part) => sum + widthOf(textOf(part)), 0)
  const styled = (line: Label): Part => (tone ? [line, tone] : line)
  const beside = wrap(text, Math.max(1, width - begin - 1))
  // Beside much that is left out of the table there is no room for a sentence.
  if (beside.length > 1 && begin > width / 3) {
    const below = wrap(text, width - 2).slice(0, mostLines - 1)
    return [before, ...below.map((line): Part[] => [' ' as Label, styled(line)])]
  }
  const [first = say``, ...more] = beside.slice(0, mostLines)
  return [[...before, styled(first)], ...more.map((line): Part[] => [label(' '.repeat(begin)), styled(line)])]
}

/** What is left out of the table stands first and never gives way; then what waits to be read, what was said last, what is under way. */
function messageParts(console: Console, width: number): Part[] {
  const { notice, outcomes } = console
  if (console.past) {
    const said: Part = notice
      ? notice.severity === 'bad'
        ? [notice.text, 'trouble']
        : notice.text
      : agoText(console)
    return [tableText(console, width), '   ' as Label, [say` NOT NOW `, 'past'], say` `, said]
  }
  const unread: Part[] = notice && outcomes.length ? [[say`! to read   `, 'trouble']] : []
  return [tableText(console, width), '   ' as Label, ...unread, news(console)]
}

function news({ notice, outcomes, tasks, fleet }: Console): Part {
  const [outcome] = outcomes
  const [task] = tasks
  if (notice) return notice.severity === 'bad' ? [notice.text, 'trouble'] : notice.text
  if (outcome) return [say`${outcome.title}: press ! to read`, 'trouble']
  if (task) return taskText(task, tasks.length)
  const said = fleet.journal.trouble ?? fleet.journal.unsent ?? fleet.journal.doubt ?? fleet.past?.trouble
  return said ? [said, 'warning'] : say``
}

function taskText({ title, name, progress: { text, percent } }: Task, count: number): Label {
  const how = percent === undefined ? say`: ${text}` : say` ${Math.round(percent)}% ${gauge(percent, 10)}`
  const more = count > 1 ? say`  (${count} under way)` : say``
  return say`${title} ${name}${how}${more}`
}

/** What is left out of the table, so that nobody takes a part for the whole, and its order where no heading shows it. */
function tableText(console: Console, width: number): Label {
  const { table } = console
  if (!table) return textPosition(console)
  if (table === 'overview') return say``
  const { filter, host, faultsOnly, marked } = console.tables.of(table)
  const { ids, selected } = console.tables.place(table)
  const parts = [
    say`${ids.length ? selected + 1 : 0}/${ids.length}`,
    ...(table === 'events' ? newerText(console) : []),
    ...(host ? [say`of ${label(host)}`] : []),
    ...(filter ? [say`filter: ${label(filter)}`] : []),
    ...(faultsOnly ? [say`faults only`] : []),
    ...(marked.size ? [say`${marked.size} marked`] : []),
    ...orderText(console, table, width),
  ]
  return say` ${joined(parts, '   ')}`
}

/** By what a table is sorted whose column has no room, or that its own order is turned round. */
function orderText(console: Console, table: TableId, width: number): Label[] {
  const { sort, descending } = console.tables.of(table)
  const { sorted } = tableKind(table)
  const kind = kindIn(table)
  if (!kind || !isTableKind(kind)) return []
  const column = tableViewOf(kind)
    .columns(console.world)
    .find(({ id }) => id === sort)
  if (!column) return descending === (sorted.descending ?? false) ? [] : [say`turned round`]
  const isShown = layOut(console.columns(kind), width).some((one) => one.column.id === sort)
  return isShown ? [] : [say`by ${column.title}${descending ? say`v` : say`^`}`]
}

/** How many events came since a key was last pressed there; those above the selected one are not seen. */
function newerText(console: Console): Label[] {
  const { eventsRead } = console
  if (console.past) return []
  const count = eventsRead ? console.rows('event').filter(({ id }) => id > eventsRead.id).length : 0
  if (!eventsRead || !count) return []
  const above = console.tables.place('events').top > 0 ? say`, Home shows them` : say``
  return [say`${count} came since ${clock(wallTime(eventsRead.at))}${above}`]
}

/** Where one is in a page of text that is longer than the screen or filtered, or among charts of which not all have room. */
function textPosition(console: Console): Label {
  const { page: shown, extent: text } = console
  const { filter } = shown
  if (!text || (text.lines <= text.height && !filter)) return say``
  const top = topOf(console)
  const end = Math.min(text.lines, top + text.height)
  const what = shown.screen === 'charts' ? say`charts` : say`lines`
  const rest =
    text.lines <= text.height ? say`` : end < text.lines ? say`, PgDn goes on` : say`, PgUp goes back`
  const place = say` ${what} ${top + 1} to ${end} of ${text.lines}${rest}`
  return filter ? say`${place}   filter: ${label(filter)}` : place
}
