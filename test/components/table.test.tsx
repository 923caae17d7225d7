import { stripVTControlCharacters } from 'node:util'
import { render } from 'ink-testing-library'
import { expect, it } from 'vitest'
import { Table } from '../../src/components/Table.tsx'
import { type Label, label, say } from '../../src/hosts/label.ts'
import { unstamped } from '../../src/terminal/stamp.ts'
import type { Column } from '../../src/views/column.ts'

interface Row {
  readonly name: Label
  readonly state: Label
}

const columns: readonly Column<Row>[] = [
  { id: 'name', title: say`NAME`, width: 10, givesWay: 0, cell: (row) => row.name },
  { id: 'state', title: say`STATE`, width: 8, givesWay: 1, cell: (row) => row.state },
]

function shown(rows: readonly Row[], { selected = 0, width = 24, height = 4, of = columns } = {}): string[] {
  const { lastFrame } = render(
    <Table
      columns={of}
      rows={rows}
      id={(row) => row.name}
      selected={selected}
      top={0}
      marked={new Set(['n2'])}
      sort={{ column: 'name', descending: true }}
      width={width}
      height={height}
      empty={say`nothing here`}
    />,
  )
  const frame = stripVTControlCharacters(unstamped(lastFrame() ?? ''))
  return frame.split('\n').map((line) => line.trimEnd())
}

const many = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({ name: label(`n${i + 1}`), state: say`running` }))

it('Table marks the selected row by a sign, the marked ones by another, and the sorted column by an arrow', () => {
  expect(shown(many(3))).toEqual([
    '  NAMEv      STATE',
    '> n1         running',
    ' *n2         running',
    '  n3         running',
  ])
})

it('Table lays out the rows around the selected one and no others', () => {
  expect(shown(many(5000), { selected: 4000 })).toEqual([
    '  NAMEv      STATE',
    '  n3999      running',
    '  n4000      running',
    '> n4001      running',
  ])
})

it('Table leaves out what has no room, cuts what is too long, and shows hostile text as harmless', () => {
  const rows = [{ name: label('\u001b[2Jvery-long-name'), state: say`running` }]
  expect(shown(rows, { width: 14 })).toEqual(['  NAMEv', '> \\e[2Jvery~', '', ''])
})

it('Table shows the whole title also where it fills its column: the mark stands beside it, where there is room', () => {
  const [name, state] = columns as [Column<Row>, Column<Row>]
  const narrow = { ...name, width: 4, grows: 4 }
  const right = { ...state, align: 'right' } as const
  const first = { ...state, id: 'first', width: 6, grows: 6 }
  expect(shown(many(1), { of: [narrow, state] })[0]).toBe(' vNAME STATE')
  expect(shown(many(1), { of: [narrow, right] })[0]).toBe('  NAMEv   STATE')
  expect(shown(many(1), { of: [first, narrow] })[0]).toBe('  STATE vNAME')
  expect(shown(many(1), { of: [narrow] })[0]).toBe(' vNAME')
})

it('Table says that there is nothing', () => {
  expect(shown([])[1]).toBe('  nothing here')
})
