import { type Label, say } from '../../hosts/label.ts'
import { memory } from '../../text/format.ts'
import type { Link, Screen } from './facts.ts'

/** Below these, what a terminal shows of a desktop needs care. */
export const enough = {
  /**
   * MiB. A terminal of 128 MiB tells 105 to 125 of them, one of 256 tells 230 to 250: the kernel keeps the rest. Its X server holds each window a second time
   * where they are composited: 5 MiB a window at 1280x1024 with 4 bytes a pixel, beside the server itself, ssh and xterm; without a disk there is no swap.
   */
  memory: 192,
  /** Pixels. Desktops make their dialogs to fit into this. */
  screen: { width: 800, height: 600 },
  /** Millions of bits a second. A whole screen of 1024x768 is 25 million bits (X sends 4 bytes a pixel): a quarter of a second here, and 2.5 at 10. */
  link: 100,
}

/** In what a terminal is too small for a desktop as it is, and what to do; empty: in nothing, as far as is known. */
export function shortages({
  memoryKiB,
  screens,
  links,
}: {
  readonly memoryKiB?: number | undefined
  readonly screens: readonly Screen[]
  readonly links: readonly Link[]
}): Label[] {
  const small = screens.every(({ width, height }) => isBelow(width, height)) ? screens[0] : undefined
  // It goes by the fastest that it has.
  const link = links
    .filter(({ isUp }) => isUp)
    .toSorted((a, b) => (b.mbps ?? Infinity) - (a.mbps ?? Infinity))[0]
  return [
    ...(memoryKiB !== undefined && memoryKiB < enough.memory * 1024
      ? [say`${memory(memoryKiB)} of memory: use full screen, no compositing`]
      : []),
    ...(small
      ? [
          say`a screen of ${small.width ?? 0}x${small.height ?? 0}: use full screen, small letters, a desktop without panels`,
        ]
      : []),
    ...(link?.mbps !== undefined && link.mbps < enough.link
      ? [say`${link.name} at ${link.mbps} Mbit/s: use no pictures as backgrounds, no animations`]
      : []),
  ]
}

function isBelow(width: number | undefined, height: number | undefined): boolean {
  if (!width || !height) return false
  return width < enough.screen.width || height < enough.screen.height
}
