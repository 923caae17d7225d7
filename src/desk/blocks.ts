import type { Label } from '../hosts/label.ts'
import type { Tone } from '../text/part.ts'
import { channelName, lasting, openingName, rowText } from './row-text.ts'
import { isSlow, numbersOf, rowsOf } from './rows.ts'
import { channelOf, type Desk, endsWithLogin, type Fault, type Opening } from './state.ts'
import type { Voice } from './texts/voice.ts'

/** What stands on a page, from top to bottom; how it is laid out is left to who shows it. */
export type Block =
  | { readonly is: 'heading'; readonly text: Label; readonly tone?: Tone }
  | { readonly is: 'text'; readonly text: Label; readonly tone?: Tone }
  | ({ readonly is: 'row'; readonly index: number; readonly number: number } & ReturnType<typeof rowText>)
  | { readonly is: 'step'; readonly text: Label; readonly time: Label; readonly isDone: boolean }
  /** what is typed is never shown, only how much */
  | { readonly is: 'secret'; readonly prompt: Label; readonly length: number }

export function blocksOf(desk: Desk, voice: Voice): readonly Block[] {
  const { page } = desk
  const { lines, sentences } = voice.texts
  const rows = rowsOf(desk)
  const numbers = numbersOf(rows)
  const choices = rows.map((row, index) => {
    const number = numbers[index] ?? index + 1
    return { is: 'row', index, number, ...rowText(desk, row, voice) } as const
  })
  const heading = (text: string, values?: Readonly<Record<string, Label>>, tone?: Tone): Block => ({
    is: 'heading',
    text: voice.say(text, values),
    ...(tone ? { tone } : {}),
  })
  const text = (sentence: string, values?: Readonly<Record<string, Label | number>>): Block => ({
    is: 'text',
    text: voice.say(sentence, values),
  })
  const named = (id: string) => {
    const channel = channelOf(desk, id)
    return { what: channel ? channelName(desk, channel, voice) : voice.name(id) }
  }
  const isScreen = (id: string) => channelOf(desk, id)?.said.shows === 'screen'
  switch (page.at) {
    case 'home':
      return home(desk, choices, voice)
    case 'again':
      return [heading(lines.isOpenAlready, named(page.channel)), ...choices]
    case 'session':
      return [heading(lines.whichDesktop), ...choices]
    case 'progress':
      return [
        heading(lines.opening, { what: openingName(desk, page.opening, voice) }),
        ...steps(desk, page.opening, voice),
      ]
    case 'password':
      return [
        heading(lines.opening, { what: openingName(desk, page.opening, voice) }),
        ...(page.attempt > 1
          ? [{ ...text(sentences.passwordWrong, { attempt: page.attempt }), tone: 'warning' } as Block]
          : []),
        ...(page.ticket
          ? [
              {
                ...text(page.ticket === 'expired' ? sentences.ticketExpired : sentences.ticketRefused),
                tone: 'warning',
              } as Block,
            ]
          : []),
        {
          is: 'secret',
          prompt: voice.say(lines.password, { user: voice.name(page.user) }),
          length: page.typed.length,
        },
        text(sentences.passwordKept),
      ]
    case 'open':
      return [
        heading(lines.isOpen, named(page.channel)),
        text(isScreen(page.channel) ? sentences.howBackScreen : sentences.howBack),
        ...choices,
      ]
    case 'close':
      return [
        heading(lines.askClose, named(page.channel)),
        text(isScreen(page.channel) ? sentences.screenStays : sentences.saveFirst),
        ...choices,
      ]
    case 'closing':
      return [
        heading(lines.closing, named(page.channel)),
        isSlow(desk, page)
          ? text(sentences.closesSlowly)
          : {
              is: 'step',
              text: voice.say(lines.moment),
              time: lasting(desk.now - page.since, voice),
              isDone: false,
            },
        ...choices,
      ]
    case 'failed':
      return [heading(lines.sorry, {}, 'trouble'), ...fault(page.fault, voice), ...choices]
    case 'leave':
      return [
        heading(lines.askLeave),
        ...(desk.channels.length ? [text(sentences[leavingTells(desk)])] : []),
        ...choices,
      ]
    case 'leaving':
      return [heading(lines.leaving)]
  }
}

/** What becomes of the desktops that are open. */
function leavingTells(desk: Desk): 'leavesOpen' | 'leaveCloses' | 'leaveKeeps' {
  if (!desk.settings.locked) return 'leavesOpen'
  return endsWithLogin(desk).length ? 'leaveCloses' : 'leaveKeeps'
}

function home(desk: Desk, choices: readonly Extract<Block, { is: 'row' }>[], voice: Voice): readonly Block[] {
  const { lines, sentences } = voice.texts
  const { systems, note } = desk
  const rows = rowsOf(desk)
  const open = choices.filter(({ index }) => rows[index]?.row === 'channel')
  const rest = choices.slice(open.length)
  const heading = (text: string): Block => ({ is: 'heading', text: voice.say(text) })
  const missing = desk.fault
    ? fault(desk.fault, voice)
    : systems
      ? systems.length
        ? []
        : [{ is: 'text', text: voice.say(sentences.noSystems) } as const]
      : [{ is: 'text', text: voice.say(lines.moment) } as const]
  return [
    ...(note ? fault(note, voice) : []),
    ...(open.length ? [heading(lines.opened), ...open] : []),
    ...(rest.length || !open.length ? [heading(lines.choose)] : []),
    ...missing,
    ...rest,
  ]
}

/** One clear sentence, what to do, and by what an operator finds it. */
function fault({ kind, reference }: Fault, voice: Voice): readonly Block[] {
  const { faults, lines } = voice.texts
  const { what, todo } = faults[kind]
  return [
    { is: 'text', text: voice.say(what), tone: 'warning' },
    { is: 'text', text: voice.say(todo) },
    ...(reference
      ? [{ is: 'text', text: voice.say(lines.reference, { reference: voice.name(reference) }) } as const]
      : []),
  ]
}

function steps(desk: Desk, { steps: all }: Opening, voice: Voice): readonly Block[] {
  const { lines, sentences } = voice.texts
  const isStarted = all.some(({ kind }) => kind === 'starting')
  const isUp = all.some(({ kind }) => kind === 'machine' || kind === 'text')
  return [
    ...all.map(
      ({ kind, since, until }): Block => ({
        is: 'step',
        text: voice.say(lines[kind]),
        time: until === undefined ? lasting(desk.now - since, voice) : voice.say(lines.done),
        isDone: until !== undefined,
      }),
    ),
    ...(isStarted && !isUp ? [{ is: 'text', text: voice.say(sentences.patience) } as const] : []),
  ]
}
