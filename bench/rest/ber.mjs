// The little of BER (RFC 4511, 5.1) that a slapd for the bench needs.

/** One element: its tag, the length of what it holds, and that. */
export function element(tag, ...parts) {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** The element that begins there, and where the next one does; `undefined`: not all of it has come yet. */
export function elementAt(bytes, at) {
  const first = bytes[at + 1]
  if (first === undefined) return undefined
  const more = first < 128 ? 0 : first & 0x7f
  const begin = at + 2 + more
  if (begin > bytes.length) return undefined
  const length = more ? bytes.readUIntBE(at + 2, more) : first
  const end = begin + length
  return end > bytes.length ? undefined : { tag: bytes[at], content: bytes.subarray(begin, end), end }
}
