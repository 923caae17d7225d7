import { type Label, say } from '../../../hosts/label.ts'
import { width, wrap } from '../../../text/fit.ts'
import type { XConnection } from './connect.ts'
import { asked } from './connect.ts'

/** Fonts with letters of one width, the larger one first; every X server has the second. */
const fonts = [
  { name: '10x20', wide: 10, high: 20, base: 15 },
  { name: 'fixed', wide: 6, high: 13, base: 10 },
] as const
/** columns, and pixels around the text */
const shape = { columns: 60, margin: 20 }
/** of its window: KeyPress, ButtonPress, Exposure */
const events = 0x8005

/** What happened to a window, as the package x11 tells it. */
export interface PanelEvent {
  readonly name: string
  readonly wid: number
  /** of a key */
  readonly keycode: number
  /** the event as it came; its first bit says that another program sent it (SendEvent, X protocol, "Events") */
  readonly rawData: Buffer
}

/** A window with text in front of all others, of which a window manager knows nothing. */
interface Panel {
  readonly window: number
  /** is told of each key and button on it */
  onInput(hear: (event: PanelEvent) => void): void
  raise(): void
  /** takes it away */
  close(): void
}

/** A way in which core fonts can show it: their letters are those of Latin-1. */
function latin(text: Label): string {
  return [...text].map((letter) => ((letter.codePointAt(0) ?? 0) < 256 ? letter : '?')).join('')
}

/** Where it stands: in the upper middle, or small in the upper right corner. */
type PanelPlace = 'middle' | 'corner'

/**
 * Shows text in front of all windows of a display. Drawn by core requests, so it needs no program on the display server, and none on the machine.
 *
 * @param paragraphs with an empty line between each two
 */
export async function openPanel(
  { client, root, size, black, white }: XConnection,
  paragraphs: readonly (readonly Label[])[],
  place: PanelPlace,
): Promise<Panel> {
  const font = await knownFont(client, place)
  const margin = place === 'middle' ? shape.margin : shape.margin >> 2
  const columns = Math.max(10, Math.min(shape.columns, Math.floor((size.width - 4 * margin) / font.wide)))
  const lines = paragraphs.flatMap((lines, i) => [
    ...(i > 0 ? [say``] : []),
    ...lines.flatMap((line) => wrap(line, columns)),
  ])
  const wide = Math.max(...lines.map(width)) * font.wide + 2 * margin
  const high = lines.length * font.high + 2 * margin
  const [window, gc, face] = [client.AllocID(), client.AllocID(), client.AllocID()]
  const [x, y] =
    place === 'middle' ? [(size.width - wide) >> 1, (size.height - high) >> 2] : [size.width - wide - 4, 0]
  client.CreateWindow(window, root, Math.max(0, x), Math.max(0, y), wide, high, 2, 0, 1, 0, {
    backgroundPixel: white,
    borderPixel: black,
    // A window manager leaves it alone.
    overrideRedirect: true,
    eventMask: events,
  })
  client.OpenFont(face, font.name)
  client.CreateGC(gc, window, { foreground: black, background: white, font: face })
  let hear: (event: PanelEvent) => void = () => {}
  const onEvent = (event: PanelEvent) => {
    if (event.wid !== window) return
    if (event.name === 'KeyPress' || event.name === 'ButtonPress') hear(event)
    if (event.name !== 'Expose') return
    for (const [i, line] of lines.map(latin).entries())
      client.ImageText8(window, gc, margin, margin + i * font.high + font.base, line.slice(0, 255))
  }
  client.on('event', onEvent)
  client.MapWindow(window)
  client.RaiseWindow(window)
  return {
    window,
    onInput: (hearing) => {
      hear = hearing
    },
    raise: () => client.RaiseWindow(window),
    close: () => {
      client.off('event', onEvent)
      client.DestroyWindow(window)
      client.FreeGC(gc)
      client.CloseFont(face)
    },
  }
}

/** Has all keys come to a panel: they would go to whatever program has the keyboard. False: a program holds it, as an open menu or a lock does. */
export async function grabKeyboard({ client }: XConnection, { window }: Panel): Promise<boolean> {
  const status = await asked<number>((done) =>
    client.GrabKeyboard(window, true, 0, asynchronous, asynchronous, done),
  )
  return status === 0
}

const asynchronous = 1

async function knownFont(client: XConnection['client'], place: PanelPlace): Promise<(typeof fonts)[number]> {
  const [large, small] = fonts
  if (place === 'corner') return small
  const found = await asked<string[]>((done) => client.ListFonts(large.name, 1, done))
  return found.length ? large : small
}
