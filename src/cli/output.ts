import { amissText } from '../fleet/balancer/serving.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, label, printable } from '../hosts/label.ts'
import { pad, width } from '../text/fit.ts'
import { exit, Failure } from './exit.ts'

/** JSON in which nothing can move a cursor or turn text round: C1, DEL, marks and separators are written as \uXXXX. */
export function json(value: unknown): string {
  return printable(JSON.stringify(value, null, 2))
}

/** A table for people: columns as wide as their widest cell, two blanks between, no line drawn. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly Label[])[],
  right: readonly number[] = [],
): string {
  const all = [heading.map(label), ...rows]
  const columns = Math.max(...all.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...all.map((row) => width(row[i] ?? label('')))),
  )
  return all
    .map((row) =>
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0, right.includes(i) ? 'right' : 'left'))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** A line that was drawn, in signs that every terminal and log has. */
export function asciiLines(text: Label): Label {
  return text
    .replace(/[\u2500\u2550]/g, '-')
    .replace(/[\u2502\u2551]/g, '|')
    .replace(/[\u2500-\u257f]/g, '+') as Label
}

/** With `warn` the only way in which a verb says anything: whatever is in the text, nothing in it acts on a terminal. */
export function print(text: string): void {
  process.stdout.write(printable(text.endsWith('\n') ? text : `${text}\n`))
}

/** The same on standard error. */
export function warn(text: string): void {
  process.stderr.write(printable(text.endsWith('\n') ? text : `${text}\n`))
}

/** Says on standard error, before anything else, why virtual services are not served as they should be. */
export function tellAmiss({ services }: Pick<Snapshot, 'services'>): void {
  const said = new Set(services.flatMap(({ amiss }) => (amiss ? [amissText(amiss)] : [])))
  for (const text of said) warn(`vdd: ${text}`)
}

/** Says on standard error what went wrong, as JSON where that was asked, and returns the exit status. */
export function report(error: unknown, asJson: boolean): number {
  const failure = error instanceof Failure ? error : new Failure(exit.failed, whyOf(error))
  const { code, message, lines, details } = failure
  warn(asJson ? json({ error: { code, message, ...details } }) : `vdd: ${lines.join('\n     ')}`)
  return code
}
