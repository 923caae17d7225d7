import { type Label, label, say } from '../hosts/label.ts'
import { cut, pad, width as widthOf, wrap } from '../text/fit.ts'
import type { Part, Tone } from '../text/part.ts'
import { type Block, blocksOf } from './blocks.ts'
import { rowsOf } from './rows.ts'
import type { Desk } from './state.ts'
import { nextLanguage, textsOf, type Voice } from './texts/voice.ts'

/** A line of the screen. */
interface PictureLine {
  readonly parts: readonly Part[]
}

/** In columns and lines. */
interface Room {
  readonly columns: number
  readonly rows: number
}

/** Below this nothing can be chosen any more. */
const smallest: Room = { columns: 24, rows: 8 }

/** A column of text that is read without turning the head. */
const widest = 64

/** How much air there is: from much to none, whatever has room. */
interface Air {
  /** what there is to say of a choice stands below it */
  readonly details: boolean
  /** a blank line between choices */
  readonly loose: boolean
  /** blank lines between all parts, only above each new one, or nowhere */
  readonly gaps: 'all' | 'some' | 'none'
}

const airs: readonly Air[] = [
  { details: true, loose: true, gaps: 'all' },
  { details: true, loose: false, gaps: 'all' },
  { details: false, loose: true, gaps: 'all' },
  { details: false, loose: false, gaps: 'all' },
  { details: false, loose: false, gaps: 'some' },
  { details: false, loose: false, gaps: 'none' },
]

const blank: PictureLine = { parts: [] }

/** The desk as it stands on a screen of this size: exactly as many lines as it has. */
export function pictureOf(desk: Desk, voice: Voice, { columns, rows }: Room): readonly PictureLine[] {
  if (columns < smallest.columns || rows < smallest.rows) {
    const text = cut(voice.say(voice.texts.lines.tooSmall), columns)
    return filled([{ parts: [text] }], rows)
  }
  const width = Math.min(columns - 2, widest)
  const margin = columns < 60 ? 1 : Math.floor((columns - width) / 2)
  const top = rows < 20 ? 0 : rows < 30 ? 1 : Math.floor(rows / 8)
  const head = [...Array.from({ length: top }, () => blank), ...header(desk, voice, width)]
  const height = rows - head.length - 1
  const body = bodyOf(blocksOf(desk, voice), desk, width, height)
  const lines = [...filled([...head, ...body], rows - 1), footer(desk, voice, width)]
  const left = pad(label(''), margin)
  return lines.map(({ parts }) => ({ parts: parts.length ? [left, ...parts] : [] }))
}

function filled(lines: readonly PictureLine[], rows: number): readonly PictureLine[] {
  return [...lines, ...Array.from({ length: Math.max(0, rows - lines.length) }, () => blank)].slice(0, rows)
}

/** Whether anything of it is so, who sits here, and the key of the other language. */
function header({ person, page, language, settings }: Desk, voice: Voice, width: number): PictureLine[] {
  const other = textsOf[nextLanguage(language)].name
  const key = label(page.at === 'password' ? 'F2' : 'L')
  const right = widthOf(key) + 1 + other.length
  const hello = voice.say(voice.texts.lines.hello, { person: voice.name(person) })
  const demo: Part[] = settings.demo ? [[label('DEMO'), 'warning'], label('  ')] : []
  const left = width - right - 1 - (settings.demo ? 6 : 0)
  return [
    { parts: [...demo, [pad(hello, left), 'heading'], say` `, [key, 'key'], say` ${label(other)}`] },
    { parts: ['─'.repeat(width) as Label] },
  ]
}

/** With as much air as there is room for; what still is too long is shown around what is selected. */
function bodyOf(blocks: readonly Block[], desk: Desk, width: number, height: number): readonly PictureLine[] {
  const laid = airs.map((air) => layOut(blocks, desk, width, air))
  // With a blank line above the keys, where there is one to spare.
  const fitting = laid.find(({ lines }, i) => lines.length <= height - (i < airs.length - 1 ? 1 : 0))
  if (fitting) return fitting.lines
  const { lines, selected } = laid.at(-1) ?? { lines: [], selected: 0 }
  const from = Math.max(0, Math.min(lines.length - height, selected - Math.floor(height / 2)))
  const more: PictureLine = { parts: [label('  ...')] }
  return lines
    .slice(from, from + height)
    .map((line, i, { length }) =>
      (i === 0 && from > 0) || (i === length - 1 && from + height < lines.length) ? more : line,
    )
}

interface Laid {
  readonly lines: readonly PictureLine[]
  /** the line of what is selected */
  readonly selected: number
}

function layOut(blocks: readonly Block[], desk: Desk, width: number, air: Air): Laid {
  const lines: PictureLine[] = []
  let selected = 0
  for (const [i, block] of blocks.entries()) {
    if (wantsGap(block, blocks[i - 1], air)) lines.push(blank)
    if (block.is === 'row' && block.index === desk.selected) selected = lines.length
    lines.push(...blockLines(block, desk, width, air))
  }
  return { lines, selected }
}

/** Parts stand apart, and so do choices where there is room. */
function wantsGap(block: Block, before: Block | undefined, { gaps, loose }: Air): boolean {
  if (gaps === 'none' || (gaps === 'some' && before?.is === 'heading')) return false
  if (before?.is === 'text' && block.is === 'text') return false
  if (before?.is === block.is) return block.is === 'row' && loose
  return true
}

function blockLines(block: Block, desk: Desk, width: number, air: Air): PictureLine[] {
  const line = (text: Label, tone?: Tone): PictureLine => ({ parts: [tone ? [text, tone] : text] })
  switch (block.is) {
    case 'heading':
      return wrap(block.text, width).map((text) => line(text, block.tone ?? 'heading'))
    case 'text':
      return wrap(block.text, width).map((text) => line(text, block.tone))
    case 'step': {
      const text = between(say`  ${block.text}`, block.time, width)
      return [
        block.isDone
          ? line(text)
          : {
              parts: [
                [label('>'), 'pointer'],
                [text.slice(1) as Label, 'heading'],
              ],
            },
      ]
    }
    case 'secret': {
      const stars = '*'.repeat(Math.min(block.length, width - 5)) as Label
      return [
        ...wrap(block.prompt, width).map((text) => line(text)),
        { parts: [label('> '), stars, [label(' '), 'typing']] },
      ]
    }
    case 'row':
      return rowLines(block, desk, width, air)
  }
}

function rowLines(
  row: Extract<Block, { is: 'row' }>,
  desk: Desk,
  width: number,
  { details }: Air,
): PictureLine[] {
  const isSelected = row.index === desk.selected
  const digits = String(rowsOf(desk).length).length
  const number = pad(label(String(row.number)), digits, 'right')
  const text = between(say` ${number}  ${row.title}`, row.state ? say`${row.state} ` : label(''), width - 2)
  const tone: Tone = isSelected ? 'selected' : row.isPoor ? 'stale' : 'plain'
  const pointer: Part = isSelected ? [label('>'), 'pointer'] : label(' ')
  const indent = pad(label(''), digits + 5)
  const detail = details && row.detail ? wrap(row.detail, width - digits - 6) : []
  return [
    { parts: [pointer, label(' '), [text, tone]] },
    ...detail.map((one) => ({ parts: [say`${indent}${one}`] })),
  ]
}

/** A text at the left edge and one at the right. */
function between(left: Label, right: Label, width: number): Label {
  const room = width - widthOf(right) - (right ? 1 : 0)
  return say`${pad(left, room)}${label(right ? ' ' : '')}${right}`
}

/** The keys that do something here, as many as have room: the last ones always. */
function footer(desk: Desk, voice: Voice, width: number): PictureLine {
  const hints = hintsOf(desk, voice)
  const parts = (some: typeof hints) =>
    some.flatMap(([key, what], i): Part[] => [label(i ? '   ' : ''), [key, 'key'], say` ${what}`])
  const length = (some: typeof hints) =>
    some.reduce((sum, [key, what]) => sum + widthOf(key) + widthOf(what) + 4, -3)
  const first = hints.findIndex((_, i) => length(hints.slice(i)) <= width)
  return { parts: parts(hints.slice(Math.max(0, first))) }
}

function hintsOf(desk: Desk, voice: Voice): (readonly [key: Label, what: Label])[] {
  const { lines } = voice.texts
  const { page } = desk
  const rows = rowsOf(desk)
  const enter = voice.say(lines.enter)
  const hint = (key: string, what: string) => [label(key), voice.say(what)] as const
  const isOpen = page.at === 'open' || (page.at === 'home' && rows[desk.selected]?.row === 'channel')
  const away = { home: lines.hintLeave, progress: lines.hintCancel, password: lines.hintCancel }
  return [
    ...(rows.length > 1 ? [hint(lines.arrows, lines.hintMove)] : []),
    ...(rows.length ? [hint(enter, lines.hintChoose)] : []),
    ...(page.at === 'password' ? [hint(enter, lines.hintSend)] : []),
    ...(isOpen ? [hint('C', lines.hintClose)] : []),
    hint('Esc', page.at in away ? away[page.at as keyof typeof away] : lines.hintBack),
  ]
}
