import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { askScreen } from '../../src/broker/ask-screen.ts'
import type { BrokerRequest } from '../../src/broker/protocol.ts'

const never = new AbortController().signal
const from = (script: string) => askScreen(['sh', '-c', script], undefined, never)
const says = (reply: object, then = '') => `echo '${JSON.stringify({ n: 1, last: true, ...reply })}'; ${then}`

describe('the screen that somebody else brings', () => {
  it('begins behind the line that tells of it', async () => {
    const { from: screen, end } = await from(says({ screen: 'vnc' }, 'printf RFB'))
    expect(await text(screen)).toBe('RFB')
    end()
  })

  it.each([
    [
      'by the broker, with a reference and no reason',
      says({ no: 'unreachable', reference: 'k3x7qa' }),
      {
        kind: 'unreachable',
        message: 'the screen: the broker says unreachable',
        advice: 'vdd events --since 1h | grep k3x7qa',
      },
    ],
    [
      'to an operator, with the reason',
      says({ no: 'no-screen', reference: '', why: 'w has no screen that listens' }),
      { kind: 'no-screen', message: 'w has no screen that listens', advice: '' },
    ],
    [
      'by what ends without an answer, and says why afterwards',
      `exec >&-; read -r line; echo 'vdd: no machine is called w' >&2`,
      { kind: 'other', message: 'vdd: no machine is called w' },
    ],
    [
      'by what says something else, and waits',
      'echo RFB 003.008; read -r line',
      { kind: 'other', message: 'the broker says nothing that is understood' },
    ],
    ['by nobody', 'exit 1', { kind: 'other', message: 'the broker says nothing that is understood' }],
  ])('is refused %s', async (_by, script, why) => {
    await expect(from(script)).rejects.toMatchObject(why)
  })

  it('is asked for by its system and its machine', async () => {
    const request = {
      ask: 'screen',
      system: 'windows',
      machine: 'windows-01',
      speaks: ['spice'],
    } satisfies Omit<Extract<BrokerRequest, { ask: 'screen' }>, 'n'>
    const script = `read -r line; ${says({ screen: 'spice' }, 'printf "%s" "$line"')}`
    const { protocol, from: screen, end } = await askScreen(['sh', '-c', script], request, never)
    expect(protocol).toBe('spice')
    expect(JSON.parse(await text(screen))).toEqual({ n: 1, ...request })
    end()
  })

  it('is waited for no longer than it is wanted', async () => {
    const wanted = new AbortController()
    const asked = askScreen(['sh', '-c', 'read -r line'], undefined, wanted.signal)
    wanted.abort(new Error('taken back'))
    await expect(asked).rejects.toThrow('taken back')
  })

  it('is had of nobody where there is no broker', async () => {
    await expect(askScreen(['/nowhere/vdd'], undefined, never)).rejects.toMatchObject({
      kind: 'other',
      message: expect.stringContaining('/nowhere/vdd'),
    })
  })
})
