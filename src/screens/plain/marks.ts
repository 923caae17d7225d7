import { idOf, objectsOf, type Subject, type Target } from '../../actions/subjects.ts'
import type { Console } from '../../console/console.ts'
import { listOf, tableKind } from '../../console/table-kinds.ts'
import { type KindOf, kinds } from '../../fleet/kinds.ts'
import type { Kind } from '../../fleet/ref.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { viewOf } from '../../views/kinds.ts'
import { byNumbers } from '../../words/by-numbers.ts'

const kindOf = (kind: Kind) => kinds[kind] as unknown as KindOf<unknown>
const marksOf = (kind: Kind) => tableKind(listOf(kind)).marks

/** What can be marked: the rows that the tables let mark. */
const markable = (Object.keys(kinds) as Kind[]).filter((kind) => marksOf(kind).length)

/** `machine, host or front end` */
export function markableText(): Label {
  const names = markable.map((kind) => kindOf(kind).name)
  return say`${joined(names.slice(0, -1), ', ')} or ${names.at(-1) ?? say``}`
}

/** What is marked in the conversation, so that an action takes all of it. */
export class Marks {
  readonly #console: Console
  /** by their kind and what they are found by: a host and a front end may have one name */
  #marked = new Set<string>()

  constructor(console: Console) {
    this.#console = console
  }

  /** Marks what has this text in its name, or everything (`all`); without one takes all marks away. Returns what is to be said. */
  mark(text: string): readonly Label[] {
    if (!text) this.clear()
    const wanted = text === 'all' ? '' : text
    // Not those that only resemble it: what is marked is acted on.
    const found = markable.flatMap((kind) => {
      const { all, id, nameOf } = kindOf(kind)
      return all(this.#console.snapshot)
        .filter((one) => text && nameOf(one).includes(wanted) && this.#standsFor(kind, one).length)
        .map((one) => `${kind} ${id(one)}`)
    })
    if (text && !found.length) return [say`No ${markableText()} with ${label(text)}.`]
    for (const id of found) this.#marked.add(id)
    const said = markable.flatMap((kind) => {
      const { name, nameOf } = kindOf(kind)
      const names = this.#of(kind).map(nameOf).toSorted(byNumbers)
      return names.length ? [say`Marked ${name}s: ${joined(names, ', ')}`] : []
    })
    return said.length ? said : [say`Nothing is marked.`]
  }

  /** What an action of this subject takes, by their names. */
  of(subject: Subject): Target[] {
    const ids = markable.flatMap((kind) => {
      if (!marksOf(kind).includes(subject)) return []
      const hits = this.#of(kind).map((one) => viewOf(kind).hitsOf(one, this.#console.world)[subject])
      return hits.map((one) => one && idOf(subject, one as Target))
    })
    const found = objectsOf(subject, this.#console.snapshot).filter((one) => ids.includes(idOf(subject, one)))
    return found.toSorted((a, b) => byNumbers(a.name, b.name))
  }

  /** How it is listed; that it is marked is said first. */
  listed(kind: Kind, id: string, text: Label): Label {
    return this.#marked.has(`${kind} ${id}`) ? say`marked, ${text}` : text
  }

  clear(): void {
    this.#marked.clear()
  }

  #of(kind: Kind): readonly unknown[] {
    const { all, id } = kindOf(kind)
    return all(this.#console.snapshot).filter((one) => this.#marked.has(`${kind} ${id(one)}`))
  }

  /** What an action would take by it: nothing, of a host that is no balancer. */
  #standsFor(kind: Kind, one: unknown): readonly Subject[] {
    const hits = viewOf(kind).hitsOf(one, this.#console.world)
    return marksOf(kind).filter((subject) => hits[subject])
  }
}
