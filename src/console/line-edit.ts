/** A line that is being typed, with its cursor. Immutable: each key makes a new one. */
export interface TypedText {
  readonly text: string
  /** index in characters (code points) */
  readonly cursor: number
}

export function lineOf(text: string): TypedText {
  return { text, cursor: [...text].length }
}

/** What a key makes of the line; undefined when it is no editing key. */
export function editLine({ text, cursor }: TypedText, key: string): TypedText | undefined {
  const characters = [...text]
  const cut = (from: number, to: number): TypedText => ({
    text: [...characters.slice(0, from), ...characters.slice(to)].join(''),
    cursor: from,
  })
  switch (key) {
    case 'left':
      return { text, cursor: Math.max(0, cursor - 1) }
    case 'right':
      return { text, cursor: Math.min(characters.length, cursor + 1) }
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 }
    case 'end':
    case 'ctrl-e':
      return { text, cursor: characters.length }
    case 'backspace':
    case 'ctrl-h':
      return cursor > 0 ? cut(cursor - 1, cursor) : { text, cursor }
    case 'delete':
      return cut(cursor, cursor + 1)
    case 'ctrl-u':
      return cut(0, cursor)
    case 'ctrl-k':
      return cut(cursor, characters.length)
    case 'ctrl-w': {
      const before = characters
        .slice(0, cursor)
        .join('')
        .replace(/\S+\s*$/, '')
      return cut([...before].length, cursor)
    }
    default:
      if ([...key].length !== 1) return undefined
      return {
        text: [...characters.slice(0, cursor), key, ...characters.slice(cursor)].join(''),
        cursor: cursor + 1,
      }
  }
}
