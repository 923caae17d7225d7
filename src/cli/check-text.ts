import type { Check } from '../hosts/check.ts'
import { label } from '../hosts/label.ts'

/** What was tried on a host and what came of it, line by line. */
export function checkText(name: string, checks: readonly Check[]): string {
  const lines = checks.map((c) => {
    const mark = c.ok ? 'ok     ' : c.optional ? 'lacks  ' : 'FAILS  '
    return `  ${mark} ${c.what}: ${c.found}${c.mend ? `\n           mend it: ${c.mend}` : ''}`
  })
  return `${label(name)}\n${lines.join('\n')}\n`
}
