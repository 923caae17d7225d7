const collator = new Intl.Collator('en', { numeric: true })

/** What most names and addresses are made of, in the order of their signs. */
const plain = /^[-:.0-9a-z]*$/
const order = '-:.0123456789abcdefghijklmnopqrstuvwxyz'

/** Compares names by their numbers: `fe2` stands before `fe10`. As English has it for all others; that is slow, and slow to begin with. */
export function byNumbers(a: string, b: string): number {
  return plain.test(a) && plain.test(b) ? comparePlain(a, b) : collator.compare(a, b)
}

/** As the collator would, without it. */
function comparePlain(a: string, b: string): number {
  const [ours, theirs] = [partsOf(a), partsOf(b)]
  for (let i = 0; i < Math.min(ours.length, theirs.length); i++) {
    const difference = compareParts(ours[i] ?? '', theirs[i] ?? '')
    if (difference) return difference
  }
  return Math.sign(ours.length - theirs.length)
}

/** Numbers, and single other signs. */
const partsOf = (text: string) => text.match(/\d+|\D/g) ?? []

function compareParts(a: string, b: string): number {
  const [isNumber, isOther] = [/^\d/.test(a), /^\d/.test(b)]
  if (!isNumber || !isOther) return Math.sign(order.indexOf(a[0] ?? '') - order.indexOf(b[0] ?? ''))
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return Math.sign(x.length - y.length) || (x < y ? -1 : x > y ? 1 : 0)
}
