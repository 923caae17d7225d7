import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const page = 'docs/desk.md'
const picture = /(<!-- desk (\S+) -->\n)[\s\S]*?(<!-- end -->)/g

it('docs/desk.md shows the pages as they are (npm run golden writes them)', () => {
  const text = readFileSync(page, 'utf8')
  const now = text.replace(picture, (_, head: string, name: string, end: string) => {
    const shown = readFileSync(`test/golden/desk/${name}.txt`, 'utf8').replace(/^== .*\n/m, '')
    return `${head}\`\`\`text\n${shown.trimEnd()}\n\`\`\`\n${end}`
  })
  if (process.env.GOLDEN === 'write') writeFileSync(page, now)
  else expect(text).toBe(now)
  expect(now).toContain('Che cosa vuoi aprire?')
})
