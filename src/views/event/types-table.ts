import { eventTypes } from '../../fleet/event-types.ts'

/** The table of the words for what can happen, for docs/events.md. */
function typesTable(): string {
  const rows = Object.entries(eventTypes).map(([word, what]) => `| \`${word}\` | ${what} |`)
  return ['| | |', '|---|---|', ...rows].join('\n')
}

const place = /(<!-- event types -->\n)[\s\S]*?(<!-- end -->)/

/** The page with the table as it is now. */
export function withTypesTable(page: string): string {
  return page.replace(place, (_, begin: string, end: string) => `${begin}${typesTable()}\n${end}`)
}
