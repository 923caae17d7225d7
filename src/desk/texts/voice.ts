import { type Label, label } from '../../hosts/label.ts'
import { en } from './en.ts'
import { it } from './it.ts'
import type { Texts } from './texts.ts'

export const languages = ['it', 'en'] as const
export type Language = (typeof languages)[number]

export const textsOf: Readonly<Record<Language, Texts>> = { it, en }

/** The language of a locale (setlocale(3): the first that is set of these). What is neither is English. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return languages.find((one) => new RegExp(`^${one}(_|$|\\.|@)`, 'i').test(locale)) ?? 'en'
}

export function nextLanguage(language: Language): Language {
  return languages[(languages.indexOf(language) + 1) % languages.length] ?? language
}

/** A text of the catalogue: in this language, else in any. */
interface InLanguages {
  readonly it?: string | undefined
  readonly en?: string | undefined
}

/** How the desk speaks on a terminal: in a language, with the letters that this terminal has. */
export class Voice {
  readonly language: Language
  readonly texts: Texts
  readonly #utf8: boolean

  constructor(language: Language, utf8: boolean) {
    this.language = language
    this.texts = textsOf[language]
    this.#utf8 = utf8
  }

  /** The desk's own text, with what is filled in. */
  say(text: string, values: Readonly<Record<string, Label | number>> = {}): Label {
    const filled = text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
    return this.#spelled(filled) as Label
  }

  /** A text from elsewhere. */
  name(text: string): Label {
    return this.#spelled(label(text)) as Label
  }

  of(texts: InLanguages): Label | undefined {
    const text = texts[this.language] ?? languages.map((one) => texts[one]).find((one) => one !== undefined)
    return text === undefined ? undefined : this.name(text)
  }

  #spelled(text: string): string {
    return this.#utf8 ? text : withApostrophes(text)
  }
}

/** As Italians write accents where a keyboard or a screen has none: *perche'*, *e' gia'*. Only at the end of a word: elsewhere the letter will do. */
export function withApostrophes(text: string): string {
  return text.replace(/([àèéìíòóùú])(?!\p{L})/giu, (accented) => `${accented.normalize('NFD')[0]}'`)
}
