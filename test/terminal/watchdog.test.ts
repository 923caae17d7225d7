import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What becomes of a program under the watch of a second. */
function ending(text: string) {
  const module = resolve(import.meta.dirname, '../../src/terminal/watchdog.ts')
  const program = `import { watchLoop } from ${JSON.stringify(module)}; const unwatch = watchLoop(1); ${text}`
  const args = [
    '--single-threaded',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ]
  const { status, signal } = spawnSync(process.execPath, args, { timeout: 60_000 })
  return { status, signal }
}

describe('watchLoop', () => {
  it('ends a program whose loop turns no more', () => {
    expect(ending('setTimeout(() => { for (;;); }, 10)')).toEqual({ status: null, signal: 'SIGALRM' })
  })

  it('leaves one alone that answers, and lets it end', () => {
    expect(ending('setTimeout(() => {}, 4000)')).toEqual({ status: 0, signal: null })
    expect(ending('setTimeout(() => process.exit(3), 100)')).toEqual({ status: 3, signal: null })
  })

  it('watches no more when it is told so', () => {
    expect(ending('unwatch(); for (const end = Date.now() + 4000; Date.now() < end; );')).toMatchObject({
      status: 0,
    })
  })
})
