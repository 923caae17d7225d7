import type { Console } from '../../console/console.ts'
import { Bookmark } from '../../fleet/journal/bookmark.ts'
import { conditionOf } from '../../fleet/snapshot.ts'
import { type Label, say } from '../../hosts/label.ts'
import { eventView } from '../../views/event/view.ts'
import { hostView } from '../../views/host/view.ts'

/** Events of one look. */
const most = 1_000

/** Says what is new, once: events, hosts that come and go, notices, how changes go on. */
export class News {
  readonly #console: Console
  readonly #print: (line: Label) => void
  // What has been said already.
  readonly #told: Bookmark
  #notice: unknown
  #progress = new Map<string, number>()
  #conditions = new Map<string, string>()

  constructor(console: Console, print: (line: Label) => void) {
    this.#console = console
    this.#print = print
    this.#told = new Bookmark(console.fleet.journal)
    for (const { name, condition } of this.#hosts()) this.#conditions.set(name, condition)
  }

  tell(): void {
    if (this.#console.past) this.#meanwhile()
    else this.#now()
    this.#tellNotice()
  }

  /** While somebody looks back, what fails now is said, and said to be of now. */
  #meanwhile(): void {
    const { journal } = this.#console.fleet
    const came = journal.latest(most, this.#told.last, { severities: ['bad', 'warning'] })
    for (const entry of came.toReversed())
      this.#print(say`Now: ${eventView.sentence(entry, this.#console.world)}`)
    this.#told.moveTo(journal.newest)
  }

  #now(): void {
    const { tasks, entries } = this.#console
    const { last } = this.#told
    for (const entry of entries.filter(({ id }) => id > last).reverse())
      this.#print(eventView.sentence(entry, this.#console.world))
    this.#told.moveTo(Math.max(0, ...entries.map(({ id }) => id)))
    for (const { name, condition, host } of this.#hosts()) {
      if (this.#conditions.get(name) !== condition)
        this.#print(say`Host ${hostView.sentence(host, this.#console.world)}`)
      this.#conditions.set(name, condition)
    }
    for (const { title, name, progress } of tasks) this.#tellProgress(say`${title} ${name}`, progress.percent)
    if (!tasks.length) this.#progress.clear()
  }

  #tellNotice(): void {
    const { notice } = this.#console
    if (notice && notice !== this.#notice && !notice.inJournal) this.#print(notice.text)
    this.#notice = notice
  }

  #hosts() {
    const { snapshot, fleet } = this.#console
    return snapshot.hosts.map((host) => ({
      host,
      name: host.name,
      condition: conditionOf(snapshot, host, fleet.now()),
    }))
  }

  /** At each quarter of the way; how it began and ended the journal says. */
  #tellProgress(what: Label, percent: number | undefined): void {
    if (percent === undefined) return
    const quarter = Math.floor(percent / 25)
    if ((this.#progress.get(what) ?? 0) >= quarter) return
    this.#progress.set(what, quarter)
    this.#print(say`${what}: ${Math.round(percent)}%`)
  }
}
