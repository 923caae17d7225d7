/** Deeper than anything that is told here; what `JSON.parse` makes of a megabyte of brackets takes a second in which no key is answered. */
const deepest = 64

/** What a text from elsewhere says. @throws {SyntaxError} it is no JSON, or nested more deeply than anything that is told here */
export function parseJson(text: string): unknown {
  if (isDeep(text)) throw new SyntaxError('nested too deeply')
  return JSON.parse(text)
}

const [quote, backslash] = [0x22, 0x5c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/** By its brackets alone, without those in strings. */
function isDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) isString = !isString
    else if (isString) i += code === backslash ? 1 : 0
    else if (code === openList || code === openObject) {
      if (++depth > deepest) return true
    } else if (code === closeList || code === closeObject) depth--
  }
  return false
}
