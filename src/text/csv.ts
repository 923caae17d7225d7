/** What a spreadsheet would take for a formula; who wrote it may not be who opens it. */
const formula = /^[=+\-@\t\r]/

/** A cell with what would end it kept within it (RFC 4180), and text that would be reckoned with kept text. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Comma separated values, with a heading; `null`: not known. */
export function csv(
  heading: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  return [heading, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('')
}
