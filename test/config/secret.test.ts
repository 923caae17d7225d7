import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSecret } from '../../src/config/secret.ts'

describe('a file with a secret', () => {
  let directory: string
  let file: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-secret-'))
    file = join(directory, 'secret')
    writeFileSync(file, 'hush\n')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it.each([0o600, 0o400, 0o700])('is read with mode %o', (mode) => {
    chmodSync(file, mode)
    expect(readSecret(file)).toBe('hush')
  })

  it.each([
    [0o640, 'its group may read it'],
    [0o620, 'its group may read it'],
    [0o604, 'others may read it'],
    [0o644, 'others may read it'],
  ])('of one’s own is none with mode %o', (mode, why) => {
    chmodSync(file, mode)
    expect(() => readSecret(file)).toThrow(`${file}: ${why}`)
  })

  it.skipIf(process.getuid?.() !== 0)('of somebody else may be shared by its group', () => {
    chmodSync(file, 0o640)
    chownSync(file, 65_534, 0)
    expect(readSecret(file)).toBe('hush')
    chmodSync(file, 0o644)
    expect(() => readSecret(file)).toThrow('others may read it')
  })
})
