import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { commandOf } from '../../../src/outside/calls/command.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-call-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true })
})

/** A program of the site. */
function program(text: string, mode = 0o755): string {
  const file = join(directory, 'call')
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode })
  return file
}

const call = (
  file: string,
  words: readonly string[] = [],
  limit = 60_000,
  signal = new AbortController().signal,
) => commandOf([file, ...words], limit)('{"text":"it burns"}\n', signal)

it('a program gets what is told on its standard input, and its words as they are', async () => {
  const file = program(`cat > ${'"$1"'}; printf '%s' "$2" >> "$1"; echo told`)
  const target = join(directory, 'a file')
  const outcome = await call(file, [target, '$HOME; `id` "x"'])
  expect(outcome).toMatchObject({ said: ['told'] })
  expect(outcome.trouble).toBeUndefined()
  expect(readFileSync(target, 'utf8')).toBe('{"text":"it burns"}\n$HOME; `id` "x"')
})

it('a program need not read what it is told', async () => {
  expect((await call(program('exec 0<&-; exit 0'))).trouble).toBeUndefined()
})

it('one that fails says why, in printable letters', async () => {
  const { trouble } = await call(program(`echo trying; printf 'no\\033[2J modem\\n' >&2; exit 3`))
  expect(trouble).toBe('ended with status 3: no\\e[2J modem')
})

it('one that hangs is ended with all that it started', async () => {
  const file = program(`sleep 1000 & echo $! > "$1"; wait`)
  const pidFile = join(directory, 'pid')
  const { trouble } = await call(file, [pidFile], 700)
  expect(trouble).toBe('did not end within 0.7 s, and was ended')
  const pid = readFileSync(pidFile, 'utf8').trim()
  await expect.poll(() => isThere(pid)).toBe(false)
})

/** Whether a process runs; one that waits for its parent has ended. */
function isThere(pid: string): boolean {
  const stat = `/proc/${pid}/stat`
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'))
}

it('one that says too much is ended', async () => {
  expect((await call(program('exec yes'))).trouble).toBe('said more than 64 KiB, and was ended')
})

it('one that is missing, or may not be run, is told of', async () => {
  expect((await call(join(directory, 'nowhere'))).trouble).toMatch(/nowhere: command not found$/)
  expect((await call(program('exit 0', 0o644))).trouble).toMatch(/call: permission denied$/)
})

it('one that a signal ended, or that is given up, is told of', async () => {
  expect((await call(program('kill -9 $$'))).trouble).toBe('was ended by a signal')
  expect((await call(program('sleep 1000'), [], 60_000, AbortSignal.abort())).trouble).toBe(
    'was ended together with vdd',
  )
})

it('nothing of the environment that may be a secret is passed on', async () => {
  vi.stubEnv('LDAP_PASSWORD', 'hush')
  vi.stubEnv('LC_TIME', 'it_IT.UTF-8')
  const target = join(directory, 'env')
  await call(program('env > "$1"'), [target])
  const env = readFileSync(target, 'utf8')
  expect(env).toContain('LC_TIME=it_IT.UTF-8')
  expect(env).toContain('PATH=')
  expect(env).not.toContain('hush')
})
