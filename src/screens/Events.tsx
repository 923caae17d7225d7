import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Line } from '../components/Line.tsx'
import { Empty } from '../components/Table.tsx'
import { windowTop } from '../console/table-state.ts'
import type { Entry } from '../fleet/journal/journal.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { width as widthOf } from '../text/fit.ts'
import { eventLines, eventParts } from '../views/event/line.ts'
import { unsureOf } from '../views/event/order.ts'
import type { ScreenProps } from './screen.ts'
import { emptyText } from './TableScreen.tsx'

/** The journal, newest first: what was seen, and what was done (`*`) with who did it. The selected one is there in full. */
export function Events({ console, width, height }: ScreenProps): ReactNode {
  const rows = console.rows('event')
  const { selected, top: before } = console.tables.place('events')
  const own = rows[selected]
  const unsure = unsureOf(rows)
  const inFull = (entry: Entry) => eventLines(entry, width - 2, unsure.has(entry.id))
  const [, ...more] = own ? inFull(own).slice(0, Math.max(1, height - 2)) : []
  const visible = Math.max(1, height - 1 - more.length)
  const top = windowTop(before, selected, visible, rows.length)
  return (
    <Box flexDirection="column" height={height}>
      <Line parts={[heading(width)]} width={width} kind="heading" />
      {rows.length === 0 && <Empty text={emptyText('event', console)} width={width} />}
      {rows.slice(top, top + visible).flatMap((entry, i) => {
        if (top + i !== selected)
          return (
            <Line
              key={entry.id}
              parts={[say`  `, ...eventParts(entry, { isUnsure: unsure.has(entry.id) })]}
              width={width}
            />
          )
        return inFull(entry)
          .slice(0, 1 + more.length)
          .map((parts, line) => (
            <Line
              key={`${entry.id} ${line ? line : ''}`}
              parts={[line ? say` ` : [say`>`, 'pointer'], say` `, ...parts]}
              width={width}
              kind="selected"
            />
          ))
      })}
    </Box>
  )
}

/** With what the marks say, in as many words as have room. */
function heading(width: number): Label {
  const begin = say`  ${label('WHEN'.padEnd(15))}   ${label('HOST'.padEnd(8))} WHAT`
  const legends = [
    say` (* done by a console, ! needs a person, ~ not certain what came first)`,
    say` (* done, ! needs a person, ~ order unsure)`,
    say` (* done, ! needs a person)`,
  ]
  const legend = legends.find((one) => widthOf(begin) + widthOf(one) <= width)
  return legend ? say`${begin}${legend}` : begin
}
