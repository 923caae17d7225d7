import { type Label, say } from '../../../hosts/label.ts'
import type { LimitKind } from './time-limits.ts'

/** What a channel says to the person on it, in their language. */
export interface ChannelTexts {
  readonly from: (name: Label) => Label
  readonly pressKey: Label
  /** whether somebody may look, or type as well; without an answer in so many seconds they may not */
  readonly mayLook: (name: Label, controls: boolean, seconds: number) => readonly (readonly Label[])[]
  /** somebody does, and how that is ended */
  readonly looks: (name: Label, controls: boolean) => readonly Label[]
  /** it will be closed in so many minutes */
  readonly warning: Readonly<Record<LimitKind, (minutes: number) => readonly Label[]>>
  /** from whom it comes, when nobody in particular says it */
  readonly system: Label
}

const en: ChannelTexts = {
  from: (name) => say`Message from ${name}`,
  pressKey: say`Press any key`,
  system: say`the system`,
  mayLook: (name, controls, seconds) => [
    [
      controls
        ? say`${name} asks to see this desktop, and to use its keyboard and mouse.`
        : say`${name} asks to see this desktop.`,
    ],
    [
      say`They will see all that is on it until you or they end it.`,
      ...(controls ? [say`They will be able to do here all that you can.`] : []),
    ],
    [say`F2: yes     Esc: no`, say`Without an answer in ${seconds} s it is a no.`],
  ],
  looks: (name, controls) => [
    controls ? say`${name} sees this desktop, and types here` : say`${name} sees this desktop`,
    say`click here, or Ctrl+Alt+End: end it`,
  ],
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
  mayLook: (name, controls, seconds) => [
    [
      controls
        ? say`${name} chiede di vedere questo desktop e di usarne tastiera e mouse.`
        : say`${name} chiede di vedere questo desktop.`,
    ],
    [
      say`Vedrà tutto quello che c'è, finché tu o l'altra persona non lo interrompete.`,
      ...(controls ? [say`Potrà fare qui tutto quello che puoi fare tu.`] : []),
    ],
    [say`F2: sì     Esc: no`, say`Senza risposta entro ${seconds} s vale come no.`],
  ],
  looks: (name, controls) => [
    controls ? say`${name} vede questo desktop e vi scrive` : say`${name} vede questo desktop`,
    say`clic qui, o Ctrl+Alt+Fine: interrompe`,
  ],
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
