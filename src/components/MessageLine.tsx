import type { ReactNode } from 'react'
import type { Console } from '../hooks/console.ts'
import { completions } from '../hooks/palette.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { gauge } from './format.ts'
import { Line, type Part } from './Line.tsx'
import { TypedLine } from './TypedLine.tsx'

/** The line above the footer: what is typed, what is under way, what was said last. */
export function MessageLine({
  console,
  width,
}: {
  readonly console: Console
  readonly width: number
}): ReactNode {
  const layer = console.layers.at(-1)
  if (layer?.kind === 'filter') return <TypedLine prompt={say`/`} line={layer.line} width={width} />
  if (layer?.kind === 'palette') {
    const found = layer.line.text ? completions(console, layer.line.text).slice(0, 8).join('  ') : ''
    const hint = layer.wrong ?? label(found)
    return <TypedLine prompt={say`:`} line={layer.line} hint={hint} width={width} />
  }
  return <Line parts={messageParts(console)} width={width} />
}

function messageParts(console: Console): Part[] {
  const { notice, tasks, fleet } = console
  if (notice) return [' ' as Label, notice.severity === 'bad' ? [notice.text, 'trouble'] : notice.text]
  const [task] = tasks
  if (task) {
    const { percent, text } = task.progress
    const how =
      percent === undefined ? say`${text}` : say`${text} ${gauge(percent, 20)} ${Math.round(percent)}%`
    const more = tasks.length > 1 ? say`  (and ${tasks.length - 1} more)` : say``
    return [say` ${task.title} ${task.name}: ${how}${more}`]
  }
  if (fleet.journal.trouble) return [' ' as Label, [fleet.journal.trouble, 'warning']]
  return [tableText(console)]
}

/** What is left out of the table, so that nobody takes a part for the whole. */
function tableText(console: Console): Label {
  const { table } = console
  if (!table) return textPosition(console)
  if (table === 'overview') return say``
  const { filter, faultsOnly, marked } = console.tables[table]
  const { ids, selected } = console.place(table)
  const parts = [
    say`${ids.length ? selected + 1 : 0}/${ids.length}`,
    ...(filter ? [say`filter: ${label(filter)}`] : []),
    ...(faultsOnly ? [say`faults only`] : []),
    ...(marked.size ? [say`${marked.size} marked`] : []),
  ]
  return label(` ${parts.join('   ')}`)
}

/** Where one is in a page of text that is longer than the screen. */
function textPosition({ page, textLines, size }: Console): Label {
  const shown = size.rows - 3
  const isText = page.screen === 'help' || page.screen === 'event' || page.asXml
  if (!isText || textLines <= shown) return say``
  return say` lines ${page.top + 1} to ${Math.min(textLines, page.top + shown)} of ${textLines}, PgDn goes on`
}
