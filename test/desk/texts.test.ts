import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refusals } from '../../src/broker/protocol.ts'
import {
  languageOf,
  languages,
  nextLanguage,
  textsOf,
  Voice,
  withApostrophes,
} from '../../src/desk/texts/voice.ts'
import { label } from '../../src/hosts/label.ts'
import { failures } from '../../src/services/display/opening.ts'
import { width } from '../../src/text/fit.ts'

/** Columns of a line in the least window: 40, without the margins. */
const narrow = 38

/** What is filled in is at least so long that a line with it still says what it is about. */
const samples = {
  person: 'annamaria.rossi',
  user: 'annamaria.rossi',
  what: 'Debian, KDE Plasma',
  reference: 'k7pq2a',
  attempt: 3,
  terminal: 'thin-client-07',
  time: '18:45',
  date: '28/11',
  s: 59,
  m: 12,
}

/** Every text of a language, by its path. */
function all(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as object).flatMap(([key, one]) => all(one, `${path}.${key}`))
}

const keys = (language: (typeof languages)[number]) => all(textsOf[language]).map(([path]) => path)
const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()

describe('the languages', () => {
  it('are one file each, and every file is one of them', () => {
    const files = readdirSync('src/desk/texts').filter((file) => !['texts.ts', 'voice.ts'].includes(file))
    expect(files.toSorted()).toEqual(languages.map((one) => `${one}.ts`).toSorted())
  })

  it.each(languages)('%s has every text of the others, and none is empty', (language) => {
    for (const other of languages) expect(keys(language)).toEqual(keys(other))
    for (const [path, text] of all(textsOf[language])) expect(text.trim(), path).toBe(text)
    for (const [path, text] of all(textsOf[language])) expect(text, path).not.toBe('')
  })

  it.each(languages)('%s fills in the same as the others', (language) => {
    const ours = Object.fromEntries(all(textsOf[language]))
    for (const other of languages)
      for (const [path, text] of all(textsOf[other]))
        expect(slots(ours[path] ?? ''), path).toEqual(slots(text))
  })

  it.each(languages)('%s has a sentence for every failure of the broker and of a keeper', (language) => {
    for (const kind of [...refusals, ...failures]) expect(textsOf[language].faults[kind], kind).toBeDefined()
  })

  it.each(languages)('each line of %s has room in 40 columns, on every terminal', (language) => {
    const values = Object.fromEntries(
      Object.entries(samples).map(([key, value]) => [key, label(String(value))]),
    )
    for (const utf8 of [true, false])
      for (const [path, text] of all(textsOf[language].lines)) {
        const said = new Voice(language, utf8).say(text, values)
        expect(width(said), `${path}: ${said}`).toBeLessThanOrEqual(narrow)
      }
  })

  it.each(languages)('no word of %s is broken in 40 columns', (language) => {
    for (const [path, text] of all(textsOf[language]))
      for (const word of text.split(' ')) expect(word.length, path).toBeLessThan(narrow)
  })

  it.each(languages)(
    '%s is written with straight apostrophes and letters that every console font has',
    (language) => {
      for (const [path, text] of all(textsOf[language])) {
        expect(text, path).toMatch(/^[ -~àèéìòùÀÈÉÌÒÙ]*$/)
        expect(text, `${path}: an accent and not an apostrophe`).not.toMatch(
          /\b(piu|puo|gia|cosi|perche|e|c'e)'(?!\w)/,
        )
      }
    },
  )

  it.each([
    [{ LANG: 'it_IT.UTF-8' }, 'it'],
    [{ LANG: 'it' }, 'it'],
    [{ LC_ALL: 'it_CH', LANG: 'en_US' }, 'it'],
    [{ LC_MESSAGES: 'en_GB.UTF-8', LANG: 'it_IT' }, 'en'],
    [{ LC_ALL: '', LC_MESSAGES: '', LANG: 'it_IT' }, 'it'],
    [{ LANG: 'de_AT.UTF-8' }, 'en'],
    [{ LANG: 'itl' }, 'en'],
    [{}, 'en'],
  ] as const)('of %j is %s', (env, language) => {
    expect(languageOf(env)).toBe(language)
  })

  it('follow each other, and come round', () => {
    expect(languages.map(nextLanguage)).toEqual([...languages.slice(1), languages[0]])
  })
})

describe('a voice', () => {
  it.each([
    ['È così, perché no? Più città.', "E' cosi', perche' no? Piu' citta'."],
    ['Sì, chiudi', "Si', chiudi"],
    ['Jérôme', 'Jérôme'],
    ["l'ultima volta", "l'ultima volta"],
  ])('writes "%s" without accents as Italians do', (text, written) => {
    expect(withApostrophes(text)).toBe(written)
    expect(new Voice('it', false).say(text)).toBe(written)
    expect(new Voice('it', true).say(text)).toBe(text)
  })

  it('takes a text of the catalogue in its language, else in any', () => {
    expect(new Voice('en', true).of({ it: 'Città', en: 'Town' })).toBe('Town')
    expect(new Voice('en', true).of({ it: 'Città' })).toBe('Città')
    expect(new Voice('it', false).of({ it: 'Città' })).toBe("Citta'")
    expect(new Voice('it', true).of({})).toBeUndefined()
  })

  it('shows what came from outside without its controls', () => {
    expect(new Voice('it', true).name('a\x1b[2Jb')).toBe('a\\e[2Jb')
  })
})
