import type { Mark, Result } from '../../fleet/drill/record.ts'

/** Columns of the numbers, beside what is drawn. */
const margin = 8
/** Lines of the failures. */
const lines = 4
/** Milliseconds that are drawn before it was broken, and after it was in service again. */
const around = { before: 4_000, after: 2_500 } as const
/** Milliseconds, each about three times the one before. */
const steps = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000] as const

/**
 * What clients felt of a drill, over time: the requests that failed, by when they did, and how long the others took, by when they were due; below, what
 * happened when. ASCII, and no line has more columns than `all`.
 */
export function drawingOf({ seen, away, home, back, clients }: Result, all = 80): string[] {
  const columns = Math.max(1, Math.min(all, 80) - margin - 2)
  const { broken, outcomes, ended, drill } = seen
  const from = broken.at - around.before
  const since = (mark: Mark) => mark.seen && mark.seen.at - broken.at
  const last = Math.max(0, back ?? 0, ...[...away, ...home].map((one) => since(one) ?? 0))
  const to = Math.min(ended, broken.at + last + around.after)
  const width = Math.max(1, (to - from) / columns)
  const columnOf = (at: number) => Math.floor((at - from) / width)
  const cells = Array.from({ length: columns }, () => ({ failed: 0, times: [] as number[] }))
  for (const { due, ended, why } of outcomes) {
    const cell = cells[columnOf(why ? ended : due)]
    if (why && cell) cell.failed++
    else cell?.times.push(ended - due)
  }
  const marked = (all: readonly Mark[]) => all.map((one) => [one.sign, since(one), one.title] as const)
  const marks = [
    ['X', 0, drill.breaking.past],
    ...marked(away),
    ['B', back, 'put back'],
    ...marked(home),
  ] as const
  const present = marks.filter((one) => one[1] !== undefined)
  const load = [
    `requests that failed, in each ${seconds(width)}`,
    ...failures(cells.map(({ failed }) => failed)),
    axis(new Map(), columns),
    'response times: - half of them, * the slowest',
    ...times(cells.map((cell) => cell.times)),
  ]
  return [
    ...(clients ? load : []),
    axis(
      placed(
        present.map(([sign, at]) => [sign, columnOf(broken.at + (at ?? 0))]),
        columns,
      ),
      columns,
    ),
    scale(from - broken.at, width, columns),
    ...legend(
      present.map(([sign, at, what]) => `${sign} ${what} ${seconds(at ?? 0)}`),
      columns,
    ),
  ]
}

function row(title: string, signs: readonly string[]): string {
  return `${title.padStart(margin)} |${signs.join('')}`.trimEnd()
}

function failures(counts: readonly number[]): string[] {
  const top = Math.max(lines, ...counts)
  return Array.from({ length: lines }, (_, i) => {
    const least = (top * (lines - 1 - i)) / lines
    return row(
      String(Math.round((top * (lines - i)) / lines)),
      counts.map((count) => (count > least ? '#' : ' ')),
    )
  })
}

function times(all: readonly (readonly number[])[]): string[] {
  const known = all.flat()
  const levelOf = (time: number) =>
    Math.max(
      0,
      steps.findLastIndex((step) => time >= step),
    )
  const [low, high] = [levelOf(Math.min(...known, 10_000)), levelOf(Math.max(...known, 1))]
  const shown = steps
    .map((step, level) => ({ step, level }))
    .filter(({ level }) => level >= low && level <= high)
  return shown.toReversed().map(({ step, level }) =>
    row(
      step < 1_000 ? `${step} ms` : `${step / 1_000} s`,
      all.map((some) => {
        if (!some.length) return ' '
        const sorted = some.toSorted((a, b) => a - b)
        const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
        if (levelOf(middle) === level) return '-'
        return levelOf(sorted.at(-1) ?? 0) === level ? '*' : ' '
      }),
    ),
  )
}

/** Two that fall together stand one behind the other. */
function placed(marks: readonly (readonly [string, number])[], columns: number): Map<number, string> {
  const found = new Map<number, string>()
  for (const [sign, wanted] of marks) {
    let column = Math.max(0, wanted)
    while (found.has(column)) column++
    if (column < columns) found.set(column, sign)
  }
  return found
}

function axis(marks: ReadonlyMap<number, string>, columns: number): string {
  const signs = Array.from({ length: columns }, (_, i) => marks.get(i) ?? '-')
  return `${' '.repeat(margin)} +${signs.join('')}`
}

/** A number about every twelve columns. */
function scale(from: number, width: number, columns: number): string {
  const every = [1, 2, 5, 10, 20, 30, 60, 120, 300].find((one) => (one * 1_000) / width >= 10) ?? 600
  let line = ''
  for (let at = Math.ceil(from / 1_000 / every) * every; at * 1_000 < from + width * columns; at += every) {
    const column = Math.round((at * 1_000 - from) / width)
    const word = `${at} s`
    if (column + word.length > columns) break
    line = `${line.padEnd(column)}${word}`
  }
  return `${' '.repeat(margin + 2)}${line}`
}

function legend(words: readonly string[], columns: number): string[] {
  const rows = ['']
  for (const word of words) {
    const row = rows.at(-1) ?? ''
    if (row.length + word.length + 3 > columns) rows.push(word)
    else rows[rows.length - 1] = row ? `${row} . ${word}` : word
  }
  return rows.map((text) => `${' '.repeat(margin + 2)}${text}`)
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(milliseconds < 1_000 && milliseconds > 0 ? 2 : 1)} s`
}
