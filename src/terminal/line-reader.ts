import { StringDecoder } from 'node:string_decoder'

/** The most characters of a line; what is longer is no line that a person typed. */
export const longestLine = 4096

/** Lines from an input, while it is on; the end of each is cut off where it is too long. */
export class LineReader {
  readonly #input: NodeJS.ReadStream
  readonly #onLine: (line: string) => void
  readonly #onEnd: () => void
  readonly #decoder = new StringDecoder('utf8')
  #line = ''

  constructor(input: NodeJS.ReadStream, onLine: (line: string) => void, onEnd: () => void) {
    this.#input = input
    this.#onLine = onLine
    this.#onEnd = onEnd
  }

  on(): void {
    this.#input.on('data', this.#read)
    this.#input.on('end', this.#ended)
    this.#input.resume()
  }

  off(): void {
    this.#input.off('data', this.#read)
    this.#input.off('end', this.#ended)
    this.#input.pause()
  }

  #read = (bytes: Buffer): void => {
    const [first = '', ...more] = this.#decoder.write(bytes).split('\n')
    this.#keep(first)
    for (const next of more) {
      const line = this.#line
      this.#line = ''
      this.#keep(next)
      this.#onLine(line)
    }
  }

  #keep(text: string): void {
    this.#line = (this.#line + text.slice(0, longestLine)).slice(0, longestLine)
  }

  #ended = (): void => {
    const line = this.#line
    this.#line = ''
    if (line) this.#onLine(line)
    this.#onEnd()
  }
}
