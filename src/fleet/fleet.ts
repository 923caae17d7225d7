import type { Config } from '../config/schema.ts'
import { awakeSince, now as steadyNow, wallTime } from '../hosts/clock.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { defaultMigrationUri } from '../services/libvirt/verbs.ts'
import { type Aged, agedAt } from './aged.ts'
import type { Alert } from './alerts/alert.ts'
import { alertsOf } from './alerts/alerts.ts'
import { AlertBook, keyOf, keysOf, type StandingAlert } from './alerts/book.ts'
import { Damper } from './alerts/damper.ts'
import { Audience, untilFound } from './audience.ts'
import type { Beside } from './beside.ts'
import { type Changes, eventsOf } from './changes.ts'
import { clearOrphans } from './clear-orphans.ts'
import { Drills } from './drill/drills.ts'
import type { FleetEvent } from './event.ts'
import { History } from './history/history.ts'
import { Incidents } from './incident/incidents.ts'
import type { Incident } from './incident/record.ts'
import { Ties } from './incident/ties.ts'
import { Unseen } from './incident/unseen.ts'
import type { Journal } from './journal/journal.ts'
import type { Leftovers } from './leftovers.ts'
import { Lookout } from './lookout.ts'
import { isMoreThanNumbers } from './machine/machines.ts'
import type { Member } from './member.ts'
import type { FleetOptions } from './options.ts'
import { staleAfter } from './pace.ts'
import type { PastMoment } from './past/moment.ts'
import type { LookBack } from './past/past.ts'
import { type Then, thenOf } from './past/then.ts'
import { usualSpan } from './rates.ts'
import type { Snapshot } from './snapshot.ts'
import { FleetStore } from './store.ts'

/** Milliseconds after the start in which most hosts answer for the first time. */
const starting = 5_000
/** Milliseconds that work which is given up has to remove what it made on the hosts. */
const farewell = 3_000
/** Characters that are kept of a note on an alert. */
const longestNote = 200

/** The cluster as the console knows it: its hosts, who looks at them, and what was made of their answers. */
export class Fleet {
  readonly cluster: Label
  readonly demo: boolean
  readonly readOnly: boolean
  /** whether something may be broken on purpose */
  readonly drills: boolean
  /** what is broken on purpose here, and was */
  readonly drilling = new Drills(() => this.#audience.tell(true))
  readonly journal: Journal
  readonly leftovers: Leftovers | undefined
  readonly typeCountAbove: number
  readonly views: Config['views']
  /** what the front ends did, since this console was started */
  readonly history: History
  /** how it was; undefined: that is not kept */
  readonly past: LookBack | undefined
  readonly now: () => number
  readonly #members: ReadonlyMap<string, Member>
  readonly #damper = new Damper()
  readonly #incidents: Incidents
  readonly #unseen: Unseen
  readonly #lookout: Lookout
  readonly #store: FleetStore
  readonly #awakeSince: () => number | undefined
  /** the last snapshot, and of what it was made */
  #aged: { readonly of: Snapshot; readonly aged: Aged } | undefined
  readonly #alerts: AlertBook
  readonly #beside: Beside | undefined
  /** milliseconds by which two readings must be apart for a rate */
  readonly leastSpan: number
  readonly #witness: boolean
  readonly #ending = new AbortController()
  readonly #work = new Set<Promise<unknown>>()
  readonly #audience: Audience
  readonly #startedAt: number
  /** when the history and the alerts were last brought up to date */
  #notedAt = Number.NEGATIVE_INFINITY

  constructor(options: FleetOptions) {
    this.cluster = options.cluster
    this.demo = options.demo
    this.readOnly = options.readOnly
    this.drills = options.drills ?? false
    this.journal = options.journal
    this.leftovers = options.leftovers
    this.now = options.now ?? steadyNow
    this.#awakeSince = options.now ? () => undefined : awakeSince
    this.typeCountAbove = options.typeCountAbove ?? 5
    this.views = options.views ?? {}
    this.leastSpan = options.leastSpan ?? usualSpan
    this.#audience = new Audience(options.notifyEvery ?? 100)
    this.#witness = options.witness ?? true
    this.#beside = options.beside
    this.history = new History(this.now(), options.minutes)
    this.past = options.past
    this.#alerts = new AlertBook(options.journal, this.now(), this.#witness)
    this.#startedAt = this.now()
    this.#members = new Map(options.members.map((member) => [member.config.name, member]))
    const ties = new Ties(options.members.map(({ config }) => config))
    this.#incidents = new Incidents(ties)
    this.#unseen = new Unseen(ties)
    this.#store = new FleetStore(
      options.members.map(({ config }) => config),
      staleAfter(options.interval),
      {
        ldap: options.members.filter(({ ldap }) => ldap).map(({ config }) => config.name),
        radius: options.members.filter(({ radius }) => radius).map(({ config }) => config.name),
      },
      this.leastSpan,
    )
    this.#lookout = new Lookout(options, this.#members, {
      store: this.#store,
      now: this.now,
      changed: (changes) => this.#changed(changes),
      happened: (events) => this.#happened(events),
    })
  }

  start(): void {
    this.#lookout.start()
    this.#beside?.start(this)
    if (!this.readOnly) void clearOrphans(this)
  }

  /** Aborted when what is under way is given up. */
  get ending(): AbortSignal {
    return this.#ending.signal
  }

  /** Does work that has to come to its own end before the connections to the hosts are closed. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work)
    try {
      return await work
    } finally {
      this.#work.delete(work)
    }
  }

  /** Waits until all such work has ended. */
  async quiet(): Promise<void> {
    while (this.#work.size) await Promise.allSettled([...this.#work])
  }

  /** Gives up what is under way, and waits until it has put away what it would leave behind. */
  async giveUp(): Promise<void> {
    this.#ending.abort(new Error('given up'))
    const late = new Promise((resolve) => setTimeout(resolve, farewell).unref())
    await Promise.race([Promise.allSettled([...this.#work]), late])
  }

  async stop(): Promise<void> {
    await this.giveUp()
    this.#audience.leave()
    const left = this.#beside?.stop()
    this.#lookout.stop()
    const closed = [...this.#members.values()].map(({ host }) => host.close())
    await Promise.allSettled([...closed, this.journal.sent()])
    await left
    this.history.close()
    this.past?.close()
  }

  /** What is known, as it counts now: what is overdue is not taken for how things are. */
  snapshot(): Snapshot {
    this.#store.incidents = this.#incidents.readFrom(this.journal)
    this.#store.drills = this.drilling.list
    const known = this.#store.snapshot()
    const { of, aged } = this.#aged ?? {}
    if (aged && of === known && this.now() <= aged.until) return aged.snapshot
    const fresh = agedAt(
      known,
      this.now(),
      (balancers) => this.#store.balanced(balancers),
      this.#awakeSince(),
    )
    this.#aged = { of: known, aged: fresh }
    return fresh.snapshot
  }

  /** What is wrong now, what nobody has acknowledged first. Ages in the texts are those of this moment. */
  alerts(): readonly StandingAlert[] {
    const now = this.now()
    return this.#alerts.standing(this.#wrong(this.snapshot(), now), now)
  }

  /** How it was at a moment that was kept. */
  asOf(moment: PastMoment): Then {
    return thenOf(moment, this, new Ties([...this.#members.values()].map(({ config }) => config)))
  }

  /** The command that is run when something is wrong, if there is one. */
  get calls(): Label | undefined {
    return this.#beside?.runs
  }

  /** Faults of what runs beside the looks (calls, metrics) stand on top: whoever should be called may not have been. */
  #wrong(snapshot: Snapshot, now: number): readonly Alert[] {
    return [...(this.#beside?.alerts() ?? []), ...alertsOf(snapshot, now)]
  }

  /** Says that somebody takes care of an alert; no change to the cluster, so also on a console that is read-only. */
  acknowledge(alert: StandingAlert, who: Label, note: string): void {
    const said = [...note.trim()].slice(0, longestNote).join('')
    this.journal.acknowledge(
      keyOf(alert.id, alert.severity),
      { at: wallTime(this.now()), who, note: label(said) },
      alert,
    )
  }

  /** Takes an acknowledgement back. */
  withdraw(alert: StandingAlert, who: Label): void {
    this.journal.withdraw(keysOf(alert.id), wallTime(this.now()), who, alert)
  }

  /** What somebody says of an incident, for whoever reads of it later; no change to the cluster. */
  note({ id, concern }: Incident, who: Label, note: string): void {
    const text = label([...note.trim()].slice(0, longestNote).join(''))
    const about = { kind: 'incident', id } as const
    const said = { kind: 'did', severity: 'info', type: 'incident.noted', name: say`#${Number(id)}` } as const
    this.journal.add({ ...said, at: wallTime(this.now()), host: concern.host, about, who, text })
  }

  /** Tells of whatever is read, once in `notifyEvery` at most. */
  subscribe(listener: () => void): () => void {
    return this.#audience.subscribe(listener)
  }

  /** Tells of what is more than numbers that move. Those are read every second by everybody who draws anyway. */
  onNews(listener: () => void): () => void {
    return this.#audience.onNews(listener)
  }

  member(host: string): Member | undefined {
    return this.#members.get(host)
  }

  /** Whether a host is asked how it is, for what is to be known. */
  isAsked(host: string): boolean {
    return this.#lookout.isAsked(host)
  }

  /** The URI by which other hosts reach this one's libvirt. */
  migrationUri(host: string): string {
    const config = this.#members.get(host)?.config
    return (
      config?.migrateTo ?? defaultMigrationUri(config?.libvirt ?? 'qemu:///system', config?.address ?? host)
    )
  }

  /** Looks at a host now, after something was changed there, perhaps on this machine. */
  lookAfresh(host: string, uuid?: string): void {
    this.#lookout.lookAfresh(host, uuid)
  }

  /** Looks once more at what a host does, in a moment. */
  lookAgain(host: string): void {
    this.#lookout.lookAgain(host)
  }

  /** How often hosts are asked, in milliseconds. */
  set interval(milliseconds: number) {
    this.#lookout.interval = milliseconds
  }

  /** Somebody is there: look at the usual pace. */
  attention(): void {
    this.#lookout.attention()
  }

  /** Resolves when the condition holds for a snapshot; rejects with the signal's reason. */
  until<T>(condition: (snapshot: Snapshot) => T | undefined, signal: AbortSignal): Promise<T> {
    return untilFound(
      (check) => this.subscribe(check),
      () => condition(this.snapshot()),
      signal,
    )
  }

  /** Brings the history, the alerts and the kept past up to date, once a second at most, whatever screen is shown. */
  #note(): void {
    const now = this.now()
    if (now - this.#notedAt < 1_000) return
    this.#notedAt = now
    const snapshot = this.snapshot()
    this.history.note(snapshot, now)
    const wrong = this.#wrong(snapshot, now)
    const events = [
      ...this.#alerts.note(wrong, now),
      ...this.#damper.calmed(now),
      ...this.#unseen.over(snapshot, wrong, now),
    ]
    if (!this.#witness) return
    this.journal.saw(events, wallTime(now))
    const incident = snapshot.incidents.find(({ open }) => open.length)?.id
    this.past?.note(now, incident, () => ({ snapshot, alerts: this.alerts() }))
  }

  #changed(changes: Changes): void {
    this.#happened(eventsOf(changes), changes.first || changes.machines.some(isMoreThanNumbers))
  }

  #happened(events: readonly FleetEvent[], isNews = false): void {
    if (this.#witness) this.journal.saw(this.#damper.pass(events, this.now()), wallTime(this.now()))
    this.#note()
    // While hosts answer for the first time everything is news.
    this.#audience.tell(isNews || events.length > 0 || this.now() - this.#startedAt < starting)
  }
}
