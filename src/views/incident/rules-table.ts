import { rules } from '../../fleet/incident/rules.ts'

/** The rules as docs/incidents.md has them. */
function rulesTable(): string {
  const words = (types: readonly string[]) => types.map((type) => `\`${type}\``).join(', ') || '-'
  const rows = rules.map(({ of, faults, detected, acted }) => {
    const opens = Object.entries(faults).map(([fault, ends]) => `\`${fault}\` until ${words(ends)}`)
    return `| ${of} | ${opens.join('; ')} | ${words(detected)} | ${words(acted)} |`
  })
  return ['| group | faults | detected by | acted | ', '|---|---|---|---|', ...rows]
    .join('\n')
    .replace(' | \n', ' |\n')
}

/** A page with the rules in their place. */
export function withRulesTable(page: string): string {
  return page.replace(/<!-- rules -->\n[\s\S]*?<!-- end -->/, `<!-- rules -->\n${rulesTable()}\n<!-- end -->`)
}
