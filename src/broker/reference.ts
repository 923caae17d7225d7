import { randomBytes } from 'node:crypto'

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** Six letters and digits that are not mistaken for each other, by which an operator finds an entry of the journal. */
export function newReference(): string {
  return [...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')
}
