import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

// npm leaves an optional package out where the Node that runs npm is too old for it: the Node 18 of Debian 12, and nothing works.
it.each(['package-lock.json', 'test/mutation/package-lock.json'])(
  '%s wants no Node for optional packages (node scripts/lock.mjs)',
  (file) => {
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
      packages: Record<string, { optional?: true; engines?: object }>
    }
    const wanting = Object.entries(packages).filter(([, one]) => one.optional && one.engines)
    expect(wanting.map(([name]) => name)).toEqual([])
  },
)
