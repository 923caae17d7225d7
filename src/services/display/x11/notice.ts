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
/** of a window that any key takes away: KeyPress, ButtonPress, Exposure */
const events = 0x8005

/** A message that stands on a display until somebody has seen it. */
export interface Notice {
  /** settles with true when a key was pressed on it, or a button; with false when it was taken away */
  readonly seen: Promise<boolean>
  /** takes it away */
  end(): void
}

/** A way in which core fonts can show it: their letters are those of Latin-1. */
function latin(text: Label): string {
  return [...text].map((letter) => ((letter.codePointAt(0) ?? 0) < 256 ? letter : '?')).join('')
}

/**
 * Shows a message in front of all windows of a display, with who it comes from, and takes the keyboard until a key is pressed. Drawn by core requests, so it needs
 * no program on the display server, and none on the machine.
 */
export async function showNotice(
  { client, root, size, black, white }: XConnection,
  heading: Label,
  message: readonly Label[],
  hint: Label,
): Promise<Notice> {
  const font = await knownFont(client)
  const columns = Math.max(
    10,
    Math.min(shape.columns, Math.floor((size.width - 4 * shape.margin) / font.wide)),
  )
  const body = message.flatMap((line) => wrap(line, columns))
  const lines = [heading, say``, ...body, say``, hint].map(latin)
  const wide = Math.max(...[heading, hint, ...body].map(width)) * font.wide + 2 * shape.margin
  const high = lines.length * font.high + 2 * shape.margin
  const [window, gc, face] = [client.AllocID(), client.AllocID(), client.AllocID()]
  const [x, y] = [Math.max(0, (size.width - wide) >> 1), Math.max(0, (size.height - high) >> 2)]
  client.CreateWindow(window, root, x, y, wide, high, 2, 0, 1, 0, {
    backgroundPixel: white,
    borderPixel: black,
    // A window manager leaves it alone.
    overrideRedirect: true,
    eventMask: events,
  })
  client.OpenFont(face, font.name)
  client.CreateGC(gc, window, { foreground: black, background: white, font: face })
  const { promise: seen, resolve } = Promise.withResolvers<boolean>()
  const draw = () => {
    for (const [i, line] of lines.entries())
      client.ImageText8(
        window,
        gc,
        shape.margin,
        shape.margin + i * font.high + font.base,
        line.slice(0, 255),
      )
  }
  const onEvent = ({ name, wid }: { name: string; wid: number }) => {
    if (wid !== window) return
    if (name === 'Expose') draw()
    if (name === 'KeyPress' || name === 'ButtonPress') finish(true)
  }
  const finish = (isSeen: boolean) => {
    client.off('event', onEvent)
    client.UngrabKeyboard(0)
    client.DestroyWindow(window)
    client.FreeGC(gc)
    client.CloseFont(face)
    resolve(isSeen)
  }
  client.on('event', onEvent)
  client.MapWindow(window)
  client.RaiseWindow(window)
  // Else its keys would go to whatever program has the keyboard; a menu that is open may hold it, and the pointer does as well.
  await asked<number>((done) => client.GrabKeyboard(window, true, 0, asynchronous, asynchronous, done))
  return { seen, end: () => finish(false) }
}

const asynchronous = 1

async function knownFont(client: XConnection['client']): Promise<(typeof fonts)[number]> {
  const [large, small] = fonts
  const found = await asked<string[]>((done) => client.ListFonts(large.name, 1, done))
  return found.length ? large : small
}
