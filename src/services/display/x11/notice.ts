import type { Label } from '../../../hosts/label.ts'
import type { XConnection } from './connect.ts'
import { grabKeyboard, openPanel } from './panel.ts'

/** A message that stands on a display until somebody has seen it. */
export interface Notice {
  /** settles with true when a key was pressed on it, or a button; with false when it was taken away */
  readonly seen: Promise<boolean>
  /** takes it away */
  end(): void
}

/** Shows a message in front of all windows of a display, with who it comes from, and takes the keyboard until a key is pressed. */
export async function showNotice(
  x: XConnection,
  heading: Label,
  message: readonly Label[],
  hint: Label,
): Promise<Notice> {
  const panel = await openPanel(x, [[heading], message, [hint]], 'middle')
  const { promise: seen, resolve } = Promise.withResolvers<boolean>()
  let isOver = false
  const finish = (isSeen: boolean) => {
    if (isOver) return
    isOver = true
    x.client.UngrabKeyboard(0)
    panel.close()
    resolve(isSeen)
  }
  panel.onInput(() => finish(true))
  // The pointer does as well where the keyboard is held.
  await grabKeyboard(x, panel)
  return { seen, end: () => finish(false) }
}
