/**
 * The same text with memory of its own. V8 makes a piece of a text as a view of the whole, so that whoever keeps a name from a host's answer keeps
 * all of that answer: for what is kept long of what is long.
 */
export function ownText(piece: string): string {
  return Buffer.from(piece, 'utf16le').toString('utf16le')
}
