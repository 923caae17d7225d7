import { chownSync, lchownSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { traceTo } from '../../src/cli/trace.ts'
import { label } from '../../src/hosts/label.ts'

const nobody = 65_534

describe('the diagnostic log', () => {
  let directory: string
  let file: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-log-'))
    file = join(directory, 'log')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('has a line for each command, in which nothing acts on a terminal', () => {
    traceTo(file)({ host: 'a\u001b[31m\nb', argv: ['true'], ms: 3.4, outcome: label('exit 0') })
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^\S+Z vdd started, pid \d+$/),
      expect.stringMatching(/^\S+Z a\\e\[31m\\nb 3ms true: exit 0$/),
      '',
    ])
  })

  it.skipIf(process.getuid?.() !== 0)('follows no link, and fills no file, of another user', () => {
    const own = join(directory, 'own')
    writeFileSync(own, '')
    symlinkSync(own, file)
    lchownSync(file, nobody, nobody)
    expect(() => traceTo(file)).toThrow(`--log: ${file} is another user's`)
    expect(readFileSync(own, 'utf8')).toBe('')
    chownSync(own, nobody, nobody)
    expect(() => traceTo(own)).toThrow(`--log: ${own} is another user's`)
    expect(readFileSync(own, 'utf8')).toBe('')
  })

  it('follows a link of its own user, and writes to a device', () => {
    const own = join(directory, 'own')
    symlinkSync(own, file)
    traceTo(file)
    expect(readFileSync(own, 'utf8')).toContain('vdd started')
    traceTo('/dev/null')
  })
})
