import { type Label, say } from '../../../hosts/label.ts'
import type { LimitKind } from './time-limits.ts'

/** What a channel says to the person on it, in their language. */
export interface ChannelTexts {
  readonly from: (name: Label) => Label
  readonly pressKey: Label
  /** it will be closed in so many minutes */
  readonly warning: Readonly<Record<LimitKind, (minutes: number) => readonly Label[]>>
  /** from whom it comes, when nobody in particular says it */
  readonly system: Label
}

const en: ChannelTexts = {
  from: (name) => say`Message from ${name}`,
  pressKey: say`Press any key`,
  system: say`the system`,
  warning: {
    idle: (minutes) => [
      say`Nobody has used this desktop for a while.`,
      say`It will be closed in ${minutes} min. Press a key to keep it.`,
    ],
    total: (minutes) => [
      say`Your time is nearly over: this desktop will be closed in ${minutes} min.`,
      say`Please save your work.`,
    ],
  },
}

const it: ChannelTexts = {
  from: (name) => say`Messaggio da ${name}`,
  pressKey: say`Premi un tasto`,
  system: say`il sistema`,
  warning: {
    idle: (minutes) => [
      say`Da un po' nessuno usa questo desktop.`,
      say`Verrà chiuso tra ${minutes} min. Premi un tasto per tenerlo aperto.`,
    ],
    total: (minutes) => [
      say`Il tempo è quasi finito: questo desktop verrà chiuso tra ${minutes} min.`,
      say`Salva il tuo lavoro.`,
    ],
  },
}

/** In the language of the person's environment: LC_ALL, LC_MESSAGES, LANG, locale(7). */
export function textsFor(env: Readonly<Record<string, string | undefined>>): ChannelTexts {
  return /^it/.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? it : en
}
