import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tellAccount, tellFailure } from '../../src/broker/teller.ts'
import { until } from '../support/until.ts'

const telling = {
  what: 'start',
  channel: 'abc234',
  machine: 'web1',
  session: 'openbox',
  terminal: 'term3',
} as const
/** A broker that says this, once it has heard something. */
const broker = (reply: object | string) =>
  [
    'sh',
    '-c',
    'read -r line && printf "%s\\n" "$1"',
    'sh',
    typeof reply === 'string' ? reply : JSON.stringify(reply),
  ] as const

describe('what is told to the account', () => {
  it('goes as one request, and is written when the broker says so', async () => {
    const echo = [
      'sh',
      '-c',
      'read -r line; case $line in *\'"ask":"account"\'*) echo "{\\"n\\":1,\\"last\\":true,\\"done\\":true}";; esac',
    ] as const
    expect(await tellAccount(echo, telling)).toBe('written')
  })

  it('may be why a channel did not open, cut where it is very long', async () => {
    const script = `read -r line; case $line in *'"ask":"failed"'*) [ \${#line} -lt 1200 ] && echo '{"n":1,"last":true,"done":true}';; esac`
    const failure = {
      channel: 'abc234',
      machine: 'web1',
      kind: 'unreachable',
      reason: 'x'.repeat(5000),
    } as const
    expect(await tellFailure(['sh', '-c', script], failure)).toBe('written')
  })

  it.each([
    ['refused for good', { n: 1, last: true, no: 'not-for-you', reference: 'a' }, 'refused'],
    ['too much at once', { n: 1, last: true, no: 'too-many', reference: 'a' }, 'unheard'],
    ['of no use to a broken broker', { n: 1, last: true, no: 'broken', reference: 'a' }, 'unheard'],
    ['answered by nonsense', 'what?', 'unheard'],
  ] as const)('that is %s is known to be', async (_what, reply, told) => {
    expect(await tellAccount(broker(reply), telling)).toBe(told)
  })

  it.each([
    ['is not there', ['/nowhere/sudo']],
    ['may not be started', ['false']],
  ] as const)('is told again where the broker %s', async (_what, command) => {
    expect(await tellAccount(command, telling)).toBe('unheard')
  })

  it('is known when the broker says so, which may have more to do then', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vdd-teller-'))
    const script = `read -r line; echo "$2"; while [ -d "$1" ] && [ ! -e "$1/on" ]; do sleep 0.05; done; : > "$1/done"`
    const reply = JSON.stringify({ n: 1, last: true, done: true })
    try {
      expect(await tellAccount(['sh', '-c', script, 'sh', directory, reply], telling)).toBe('written')
      writeFileSync(join(directory, 'on'), '')
      await until('what it had to do', () => existsSync(join(directory, 'done')))
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
