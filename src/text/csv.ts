/** What a spreadsheet would take for a formula; who wrote it may not be who opens it. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
/** Where commas are for decimals a spreadsheet parts cells at semicolons, within quotation marks that do not begin a cell as well. */
const behindSemicolon = /;(?=[ "]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** A cell with what would end it kept within it (RFC 4180), and text that would be reckoned with kept text. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' ? kept(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function kept(text: string): string {
  const whole = formula.test(text) ? `'${text}` : text
  return whole.replace(behindSemicolon, ";'")
}

type Row = readonly (string | number | boolean | null)[]

/** A line of comma separated values, without its end; `null`: not known. */
export function csvLine(row: Row): string {
  return row.map(cell).join(',')
}

/** Comma separated values, with a heading. */
export function csv(heading: readonly string[], rows: readonly Row[]): string {
  return [heading, ...rows].map((row) => `${csvLine(row)}\n`).join('')
}
