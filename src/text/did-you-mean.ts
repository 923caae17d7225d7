import { type Label, label } from '../hosts/label.ts'
import { nearest, proposed } from '../words/nearest.ts'

/** `Did you mean hv1, hv2 or hv3?` undefined: nothing is near. */
export function didYouMean(word: string, known: Iterable<string>): Label | undefined {
  return proposing(nearest(word, known))
}

/** The same of what is to be proposed, so many as there are. */
export function proposing(words: readonly string[]): Label | undefined {
  return proposed(words.map(label)) as Label | undefined
}
