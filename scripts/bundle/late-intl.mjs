// Stands in the bundle for what the first of its kind costs 10 ms to make (bundle.mjs); made when it is asked.
const { Intl: intl } = globalThis

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
    return this.#made().segment(text)
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
