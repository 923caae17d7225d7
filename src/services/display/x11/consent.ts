import type { Label } from '../../../hosts/label.ts'
import { asked, type XConnection } from './connect.ts'
import { grabKeyboard, openPanel, type PanelEvent } from './panel.ts'

/** Milliseconds between two tries to have the keyboard, and to be in front of all windows. */
const again = 250
/** Milliseconds for which the question has the keyboard before a yes counts: it may come while somebody presses that key, which renames files elsewhere. */
const readable = 1_000

/** Keys by their keysyms: letters are typed by accident, in what somebody writes when the question comes. */
const keysyms = { agree: 0xffbf, refuse: 0xff1b, stop: 0xff57 } as const
/** Control and Alt; with Caps Lock and Num Lock the modifiers are others. */
const modifiers = { stop: 4 | 8, locks: [0, 2, 16, 18] } as const

/** A window that stands until it is closed. */
interface Standing<T> {
  /** settles with what a person did there; never once it was closed */
  readonly done: Promise<T>
  close(): void
}

/**
 * Whether a person at the keyboard did it, and no program that sends what looks like it (SendEvent). What a program presses by XTEST is not told
 * apart: it has the desktop before its eyes anyway (docs/sessions.md).
 */
function isReal({ rawData }: PanelEvent): boolean {
  return ((rawData[0] ?? 0x80) & 0x80) === 0
}

async function keycodesOf({ client, keys: [first, last] }: XConnection): Promise<(keysym: number) => number> {
  const mapping = await asked<number[][]>((done) => client.GetKeyboardMapping(first, last - first + 1, done))
  return (keysym) => {
    const found = mapping.findIndex((syms) => syms.includes(keysym))
    return found < 0 ? -1 : found + first
  }
}

/**
 * Asks in front of all windows: F2 agrees, Esc does not, and no other key means anything. It counts only while the question has the keyboard, which a screen that is
 * locked does not give it, and F2 only once it could be read.
 */
export async function askConsent(
  x: XConnection,
  question: readonly (readonly Label[])[],
): Promise<Standing<'agreed' | 'refused'>> {
  const codeOf = await keycodesOf(x)
  const [agree, refuse] = [codeOf(keysyms.agree), codeOf(keysyms.refuse)]
  const panel = await openPanel(x, question, 'middle')
  const { promise: done, resolve } = Promise.withResolvers<'agreed' | 'refused'>()
  let isHeld = false
  let isReadable = false
  let isClosed = false
  let reading: NodeJS.Timeout | undefined
  panel.onInput((event) => {
    if (!isHeld || event.name !== 'KeyPress' || !isReal(event)) return
    if (event.keycode === agree && isReadable) resolve('agreed')
    else if (event.keycode === refuse) resolve('refused')
  })
  const stand = async () => {
    panel.raise()
    isHeld ||= await grabKeyboard(x, panel).catch(() => false)
    if (!isHeld || isClosed) return
    reading ??= setTimeout(() => {
      isReadable = true
    }, readable)
  }
  await stand()
  const timer = setInterval(stand, again)
  const close = () => {
    isClosed = true
    clearInterval(timer)
    clearTimeout(reading)
    x.client.UngrabKeyboard(0)
    panel.close()
  }
  return { done, close }
}

/** A small window that stays in front: a click on it, or Ctrl+Alt+End wherever the keyboard is, is told. */
export async function showSign(x: XConnection, text: readonly Label[]): Promise<Standing<void>> {
  const { client, root } = x
  const stop = (await keycodesOf(x))(keysyms.stop)
  const panel = await openPanel(x, [text], 'corner')
  const { promise: done, resolve } = Promise.withResolvers<void>()
  panel.onInput((event) => {
    if (event.name === 'ButtonPress' && isReal(event)) resolve()
  })
  const onEvent = (event: PanelEvent) => {
    if (event.name === 'KeyPress' && event.wid === root && event.keycode === stop && isReal(event)) resolve()
  }
  client.on('event', onEvent)
  if (stop >= 0)
    for (const locks of modifiers.locks)
      client.GrabKey(root, false, modifiers.stop | locks, stop, asynchronous, asynchronous)
  const timer = setInterval(() => panel.raise(), again)
  const close = () => {
    clearInterval(timer)
    client.off('event', onEvent)
    if (stop >= 0) for (const locks of modifiers.locks) client.UngrabKey(root, stop, modifiers.stop | locks)
    panel.close()
  }
  return { done, close }
}

const asynchronous = 1
