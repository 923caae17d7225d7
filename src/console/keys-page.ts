import { keyTable, markLegend } from './key-table.ts'

/** The page docs/keys.md; a test compares it with the file. */
export function keysPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const groups = keyTable().map(({ title, keys }) => {
    const rows = keys.map(
      ({ key, title, help, mark }) =>
        `| \`${cell(key)}\` | ${cell(title)} | ${mark.trim()} | ${cell(help)} |`,
    )
    return `## ${title}\n\n| key | | | |\n|---|---|---|---|\n${rows.join('\n')}\n`
  })
  return `# Keys

Made by \`npm run docs\` from the table of actions; the help screen (\`?\`) shows the same, those of the screen from which one comes
first, and filters them (\`/\`). ${markLegend.replaceAll(/!+/g, '`$&`')}. Where a command stands with a colon it has no key: type it in the
palette. Keys are letters, digits and arrows; \`^S\` and \`^Q\` are left to the line.

${groups.join('\n')}`
}
