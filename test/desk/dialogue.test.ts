import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeskAtWork } from '../../src/desk/at-work.ts'
import { Dialogue } from '../../src/desk/dialogue.ts'
import { freeze, settle, thaw } from '../support/frozen.ts'
import { deskAtWork, passUntil } from './support/stage.tsx'

beforeEach(freeze)
afterEach(thaw)

let work: DeskAtWork
let dialogue: Dialogue
let said: string[] = []

/** What was said since the last time. */
const heard = () => said.splice(0)

async function begin(language: 'it' | 'en' = 'en'): Promise<void> {
  work = await deskAtWork({ language })
  dialogue = new Dialogue(
    work,
    (line) => said.push(line),
    (isSecret) => said.push(isSecret ? '(hidden)' : '(shown)'),
  )
  said = []
  dialogue.begin()
}

async function type(...lines: readonly string[]): Promise<void> {
  for (const line of lines) dialogue.line(line)
  await settle()
}

describe('line by line', () => {
  it('says the choices with their numbers, and how to answer', async () => {
    await begin()
    expect(heard()).toEqual([
      'DEMO: this school is made up, and nothing is really opened.',
      'What would you like to open?',
      '1 Debian, ready. For every day: write, browse, draw',
      '2 Fedora, ready. For programming',
      '3 Language laboratory, ready. Headsets are in the cupboard',
      '4 Windows, ready',
      '5 ReactOS, switched off. Programs of former times',
      '6 Exam, taken',
      '7 Library, ready',
      'Type a number and press Enter.',
      '0 goes back. L: Italiano.',
    ])
  })

  it('tells each step of an opening once, and nothing that only moves a clock', async () => {
    await begin()
    heard()
    await type('5')
    await passUntil(work, 'open')
    expect(heard().slice(0, 7)).toEqual([
      'Opening ReactOS',
      'Looking for a free computer',
      '0 cancels.',
      'Switching it on',
      'A computer that is switched on needs a few minutes.',
      'Waiting until it is ready',
      'Connecting',
    ])
  })

  it('asks for the desktop, and tells how far that is', async () => {
    await begin()
    heard()
    await type('2')
    await passUntil(work, 'session')
    expect(heard()).toEqual([
      'Opening Fedora',
      'Looking for a free computer',
      '0 cancels.',
      'Connecting',
      'Which desktop?',
      '1 GNOME',
      '2 Openbox (light)',
      'Type a number and press Enter.',
    ])
    await type('2')
    await passUntil(work, 'open')
    expect(heard().slice(0, 3)).toEqual([
      'Opening Fedora, Openbox',
      'Preparing the screen',
      'Starting the desktop',
    ])
  })

  it('takes a password as it is typed, says nothing of it, and an empty line cancels', async () => {
    await begin()
    await type('3')
    await passUntil(work, 'password')
    const asked = heard()
    // Who types as soon as the question is read is not seen either.
    expect(asked.indexOf('(hidden)')).toBeGreaterThan(-1)
    expect(asked.indexOf('(hidden)')).toBeLessThan(asked.indexOf('Password of anna:'))
    await type(' 1 secret ')
    await passUntil(work, 'password')
    const lines = heard()
    expect(lines.lastIndexOf('(hidden)')).toBeGreaterThan(lines.lastIndexOf('(shown)'))
    expect(lines).toContain('That is not right. Take your time and try again: attempt 2 of 3.')
    expect(lines.join()).not.toContain('secret')
    await type('')
    expect(work.desk.page.at).toBe('home')
    expect(heard()).toContain('(shown)')
  })

  it.each([
    ['expired', 'Your Kerberos ticket has expired'],
    ['refused', 'That computer did not take your Kerberos ticket.'],
  ] as const)('says why somebody with a ticket is asked for a password: it is %s', async (ticket, said) => {
    await begin()
    await type('3')
    await passUntil(work, 'password')
    expect(heard().join()).not.toContain('Kerberos')
    work.happen({ is: 'said', talk: 1, said: { asks: 'password', attempt: 1, user: 'anna', ticket } })
    expect(heard().join(' ')).toContain(said)
  })

  it.each(['c 8', 'C8', 'chiudi 8', 'close 8'])(
    'closes an open desktop by "%s", when that is confirmed',
    async (line) => {
      await begin('it')
      await type('1', '1')
      await passUntil(work, 'open')
      await type('0')
      expect(heard()).toContain('C e un numero chiude un desktop aperto, per esempio: c 8.')
      await type(line)
      expect(work.desk.page.at).toBe('close')
      await type('1')
      await passUntil(work, 'home')
      expect(work.desk.channels).toEqual([])
    },
  )

  it('says everything again by ?, and in the other language by l', async () => {
    await begin()
    const first = heard()
    await type('?')
    expect(heard()).toEqual(first.slice(1))
    await type('l')
    expect(heard().at(0)).toBe('Che cosa vuoi aprire?')
  })

  it.each(['9', 'debian', 'c', 'c 2', '-1', '1 2'])('takes "%s" for none of the choices', async (line) => {
    await begin()
    heard()
    await type(line)
    expect(heard()).toEqual(['That is none of the choices. With ? you hear them again.'])
    expect(work.desk.page.at).toBe('home')
  })

  it('takes an empty line for nothing', async () => {
    await begin()
    heard()
    await type('', '  ')
    expect(heard()).toEqual([])
  })
})
