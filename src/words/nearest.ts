/** So many are proposed: a person reads them at a glance. */
export const most = 3
/**
 * What virsh, systemctl, kubectl, wall(1), loginctl and others call a verb or a noun of this program, or what that is called of another noun: whoever comes from
 * there means that, the gentlest first.
 */
export const elsewhere: ReadonlyMap<string, readonly string[]> = new Map([
  ['ack', ['acknowledge']],
  ['cancel', ['abort']],
  ['close', ['end']],
  ['delete', ['undefine', 'remove']],
  ['destroy', ['off']],
  ['disable', ['drain']],
  ['disconnect', ['end']],
  ['dumpxml', ['xml']],
  ['edit', ['set', 'xml']],
  ['enable', ['restore']],
  ['end', ['close']],
  ['get', ['list', 'show']],
  ['halt', ['shutdown', 'off']],
  ['info', ['show']],
  ['journal', ['events']],
  ['kill', ['end', 'off']],
  ['log', ['events']],
  ['logs', ['events']],
  ['logout', ['end']],
  ['ls', ['list']],
  ['move', ['migrate']],
  ['new', ['create']],
  ['notify', ['message']],
  ['people', ['session']],
  ['poweroff', ['off', 'shutdown']],
  ['raise', ['focus']],
  ['remove', ['undefine']],
  ['resize', ['set']],
  ['restart', ['reboot']],
  ['rm', ['undefine', 'remove']],
  ['say', ['message']],
  ['status', ['list', 'show']],
  ['stop', ['shutdown', 'off']],
  ['suspend', ['pause']],
  ['terminate', ['end']],
  ['undrain', ['restore']],
  ['unpause', ['resume']],
  ['user', ['session']],
  ['users', ['session']],
  ['vm', ['machine']],
  ['wall', ['message']],
  ['who', ['session']],
])

/** Characters: what is longer nobody has typed, and the cost is its product with what is known. */
const longest = 64

/**
 * The words that somebody probably meant who typed one that is not known; none: nothing is near. Nearest is the same in other letters,
 * or by another name; then what fewer slips of the fingers lead to than a third of the letters; then what begins with the word or has it
 * within. Only the nearest are given.
 */
export function nearest(word: string, known: Iterable<string>): string[] {
  const typed = plainly(word)
  if (!typed || typed.length > longest) return []
  const all = [...new Set(known)].flatMap((one) => {
    const far = distance(typed, plainly(one))
    return far === undefined ? [] : [{ one, far }]
  })
  const rank = (one: string) => elsewhere.get(typed)?.indexOf(one) ?? 0
  const least = Math.min(...all.map(({ far }) => far))
  return all
    .filter(({ far }) => far === least)
    .map(({ one }) => one)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }))
    .slice(0, most)
}

/** `Did you mean hv1, hv2 or hv3?` of what is to be proposed, so many as there are; undefined: none. */
export function proposed(words: readonly string[]): string | undefined {
  const last = words.at(-1)
  if (last === undefined) return undefined
  const others = words.slice(0, -1)
  return others.length ? `Did you mean ${others.join(', ')} or ${last}?` : `Did you mean ${last}?`
}

/** Without capitals, and numbers by what they are worth: `exam-1` is `exam-01`. */
function plainly(word: string): string {
  return word.toLowerCase().replace(/(?<!\d)0+(?=\d)/g, '')
}

/** How far a word is from a known one; undefined: they have nothing to do with each other. */
function distance(word: string, known: string): number | undefined {
  if (elsewhere.get(word)?.includes(known)) return 0
  const allowed = Math.max(1, Math.floor(word.length / 3))
  const [short, long] = word.length < known.length ? [word, known] : [known, word]
  if (long.length - short.length <= allowed) {
    const far = slips(word, known)
    if (far <= allowed && far < short.length) return far
  }
  return short.length >= 3 && long.includes(short) ? allowed + 1 : undefined
}

/**
 * How many slips lead from one word to the other: a letter left out, put in, taken for another, or two that have changed places
 * (optimal string alignment, https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).
 */
function slips(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const at = (line: readonly number[], k: number) => line[k] ?? 0
      const isSame = a[i - 1] === b[j - 1]
      row[j] = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (isSame ? 0 : 1))
      const areSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (areSwapped) row[j] = Math.min(at(row, j), at(before, j - 2) + 1)
    }
    ;[before, last] = [last, row]
  }
  return last[b.length] ?? 0
}
