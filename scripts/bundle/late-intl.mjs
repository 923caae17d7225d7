// Stands in the bundle for what the first of its kind costs 10 ms to make (bundle.mjs); made when it is asked.
const { Intl: intl } = globalThis

// Of printable ASCII, lines and blocks, and stamps (src/terminal/stamp.ts) each character stands for itself.
const alone = /^(?:[ -~\u2500-\u259f]|[\udb80-\udbbf][\udc00-\udfff])*$/

function* characters(input) {
  let index = 0
  for (const segment of input) {
    yield { segment, index, input }
    index += segment.length
  }
}

export class LateSegmenter {
  #made
  constructor(...given) {
    this.#made = () => {
      const made = new intl.Segmenter(...given)
      this.#made = () => made
      return made
    }
  }

  segment(text) {
    const segments = () => this.#made().segment(text)
    if (!alone.test(text)) return segments()
    return { [Symbol.iterator]: () => characters(text), containing: (at) => segments().containing(at) }
  }
}

export class LateCollator {
  #made
  constructor(...given) {
    this.#made = () => {
      const made = new intl.Collator(...given)
      this.#made = () => made
      return made
    }
  }

  compare(a, b) {
    return this.#made().compare(a, b)
  }
}
