import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect } from 'vitest'

const folder = new URL('../golden/', import.meta.url)

/** `npm run golden`: what is shown now is what shall be shown. */
const isWriting = process.env.GOLDEN === 'write'

/** A draft of a configuration has a name by chance. */
const draft = /(\.vdd)-[0-9a-f]{6}/g

/** Compares with the text that is kept for this name (`screens/overview.80x24`), or writes it. */
export function golden(name: string, text: string): void {
  const file = new URL(`${name}.txt`, folder)
  const now = text.replace(draft, '$1-DRAFT')
  if (isWriting) {
    mkdirSync(dirname(file.pathname), { recursive: true })
    writeFileSync(file, now)
  } else expect(now, `${name}: if it shall be so, npm run golden`).toBe(kept(file))
}

function kept(file: URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Texts that nothing shows any more: their names. `npm run golden` removes them. */
export function forgotten(under: string, shown: ReadonlySet<string>): string[] {
  const names = readdirSync(new URL(`${under}/`, folder)).map(
    (name) => `${under}/${name.replace(/\.txt$/, '')}`,
  )
  const left = names.filter((name) => !shown.has(name))
  if (isWriting) for (const name of left) rmSync(new URL(`${name}.txt`, folder))
  return isWriting ? [] : left
}
