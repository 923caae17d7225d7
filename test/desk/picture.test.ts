import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureOf } from '../../src/desk/picture.ts'
import type { Desk } from '../../src/desk/state.ts'
import { languages, Voice } from '../../src/desk/texts/voice.ts'
import { width } from '../../src/text/fit.ts'
import { textOf } from '../../src/text/part.ts'
import { alive, atHome, channel, opening, withOpen } from './support/desk.ts'

const lines = (desk: Desk, columns: number, rows: number, voice = new Voice(desk.language, true)) =>
  pictureOf(desk, voice, { columns, rows }).map(({ parts }) => parts.map(textOf).join(''))

/** What a catalogue, a machine or a person may be called, by mistake or on purpose. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  fc.constantFrom('\x1b[2J\x1b[H', 'a\nb\nc', '漢字かな交じり文', '\u202eabc', 'é'.repeat(100), '  '),
)

/** A desk on some page, with such names on it. */
const desks = fc
  .record({ name: hostile, which: fc.nat(7), selected: fc.nat(12) })
  .map(({ name, which, selected }) => {
    const systems = Array.from({ length: 12 }, (_, i) => ({
      name: `s${i}`,
      title: { en: name },
      description: { it: name },
      keep: false,
      state: 'ready' as const,
    }))
    const session = { id: name, name }
    const more = { session, system: name, terminal: { name } }
    const made = [
      () =>
        atHome()
          .see(alive(channel('abcdef', more)))
          .happen({ is: 'systems', systems }),
      () => opening().happen({ is: 'said', talk: 1, said: { asks: 'session', choices: [session, session] } }),
      () =>
        opening().happen({
          is: 'said',
          talk: 1,
          said: { asks: 'password', attempt: 3, user: name, ticket: 'expired' },
        }),
      () => withOpen({}, more),
      () => withOpen({}, more).happen({ is: 'close' }),
      () => withOpen({}, more).happen({ is: 'close' }).choose('close'),
      () => opening().happen({ is: 'machine', talk: 1, said: { no: 'broken', reference: name } }),
      () => withOpen({}, more).happen({ is: 'back' }, { is: 'back' }),
    ][which]
    if (!made) throw new Error(`no page ${which}`)
    return { ...made().desk, person: name, selected }
  })

describe('a picture', () => {
  it('is exactly as large as the screen, whatever stands on it', () => {
    fc.assert(
      fc.property(
        desks,
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        fc.constantFrom(...languages),
        (desk, columns, rows, utf8, language) => {
          const shown = lines(desk, columns, rows, new Voice(language, utf8))
          expect(shown).toHaveLength(rows)
          for (const line of shown) {
            expect(width(line as never), line).toBeLessThanOrEqual(columns)
            expect(line).not.toMatch(/[\p{Cc}\u202e]/u)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('shows what is selected, however little room there is', () => {
    const systems = Array.from({ length: 20 }, (_, i) => ({
      name: `s${i}`,
      title: { en: `System ${i}.` },
      keep: false,
      state: 'ready' as const,
    }))
    const desk = atHome().happen({ is: 'systems', systems })
    for (let i = 0; i < 20; i++) {
      for (const rows of [8, 15, 24, 43])
        expect(lines(desk.desk, 40, rows).join('\n')).toMatch(new RegExp(`^ > .*System ${i}\\. `, 'm'))
      desk.happen({ is: 'down' })
    }
    expect(lines(desk.desk, 40, 15)[2]).toBe('   ...')
  })

  it('says so where there is no room at all', () => {
    expect(lines(atHome().desk, 20, 5)[0]).toBe('Finestra troppo pic~')
  })

  it('has more air the more room there is', () => {
    const desk = atHome().desk
    const blanks = (rows: number) => lines(desk, 80, rows).findIndex((line) => line.includes('Fedora'))
    expect(blanks(24)).toBeGreaterThan(blanks(9))
    expect(lines(desk, 80, 8).at(-1)).toContain('Esc Esci')
  })
})
