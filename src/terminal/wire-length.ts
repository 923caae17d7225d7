/** Bytes on the wire, where the terminal driver makes CR LF of a line feed (ONLCR, termios(3)). */
export function wireLength(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 10) length++
    else if (code > 0x7f) length += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1
  }
  return length
}
