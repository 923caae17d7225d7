/**
 * A line of text as one character. Layout engines take every character of a screen apart at each frame, which for Ink is two thirds of
 * its work; a stamp they carry along as one, and the sheet puts the line in its place.
 *
 * Stamps are of a private use area. Text of others never meets the sheet but within a stamp, and there they mean nothing.
 */

/** Supplementary Private Use Area-A begins here (The Unicode Standard, 23.5). */
const first = 0xf0000
/** As many lines are remembered; a screen shows a few dozen. */
const most = 4096

const stamps = new Map<string, number>()
const lines: (string | undefined)[] = []
let next = 0

/** The stamp of a line. The same line has the same stamp, as long as it is remembered. */
export function stampOf(line: string): string {
  let index = stamps.get(line)
  if (index === undefined) {
    index = next
    next = (next + 1) % most
    const forgotten = lines[index]
    if (forgotten !== undefined) stamps.delete(forgotten)
    lines[index] = line
    stamps.set(line, index)
  }
  return String.fromCodePoint(first + index)
}

/** The line of a stamp; undefined: it is none. */
export function lineOf(character: string): string | undefined {
  const index = (character.codePointAt(0) ?? 0) - first
  return index >= 0 && index < most ? lines[index] : undefined
}

/** A text with all its stamps replaced by their lines. */
export function unstamped(text: string): string {
  return text.replace(/[\u{f0000}-\u{f0fff}]/gu, (character) => lineOf(character) ?? '')
}
