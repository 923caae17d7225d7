import {
  idOf,
  isSubject,
  nameOf,
  objectsOf,
  type Subject,
  subjectName,
  type Target,
} from '../../actions/subjects.ts'
import type { Console } from '../../console/console.ts'
import { tableIds, tableKind } from '../../console/table-kinds.ts'
import type { Kind } from '../../fleet/ref.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'

/** What can be marked: what the tables let mark. */
const markable = tableIds.flatMap((table): readonly Subject[] => {
  const { marks } = tableKind(table)
  return marks && isSubject(marks) ? [marks] : []
})

/** What is marked in the conversation, so that an action takes all of it. */
export class Marks {
  readonly #console: Console
  /** by their kind and what they are found by (`idOf`): a host and a front end may have one name */
  #marked = new Set<string>()

  constructor(console: Console) {
    this.#console = console
  }

  /** Marks what has this text in its name, or everything (`all`); without one takes all marks away. Returns what is to be said. */
  mark(text: string): readonly Label[] {
    if (!text) this.clear()
    const wanted = text === 'all' ? '' : text
    // Not those that only resemble it: what is marked is acted on.
    const found = markable.flatMap((subject) =>
      objectsOf(subject, this.#console.snapshot)
        .filter(({ name }) => text && name.includes(wanted))
        .map((one) => `${subject} ${idOf(subject, one)}`),
    )
    if (text && !found.length) return [say`No machine or front end with ${label(text)}.`]
    for (const id of found) this.#marked.add(id)
    const said = markable.flatMap((subject) => {
      const names = this.of(subject).map(nameOf)
      return names.length ? [say`Marked ${subjectName(subject)}s: ${joined(names, ', ')}`] : []
    })
    return said.length ? said : [say`Nothing is marked.`]
  }

  /** By their names. */
  of(subject: Subject): Target[] {
    const marked = objectsOf(subject, this.#console.snapshot).filter((one) =>
      this.#marked.has(`${subject} ${idOf(subject, one)}`),
    )
    return marked.sort((a, b) => a.name.localeCompare(b.name, 'en'))
  }

  /** How it is listed; that it is marked is said first. */
  listed(kind: Kind, id: string, text: Label): Label {
    return this.#marked.has(`${kind} ${id}`) ? say`marked, ${text}` : text
  }

  clear(): void {
    this.#marked.clear()
  }
}
