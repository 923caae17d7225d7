import type { Alert } from '../../fleet/alerts/alert.ts'
import type { Beside, Watched } from '../../fleet/beside.ts'
import { now as steadyNow, wallTime } from '../../hosts/clock.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration, tenths } from '../../text/duration.ts'
import type { CallBook } from './book.ts'
import type { Outcome, RunCommand } from './command.ts'
import { dueOf, type Told } from './due.ts'
import { type CallEvent, callJson, callText, type Matter, matterOf } from './matter.ts'

interface CallerOptions {
  readonly book: CallBook
  readonly run: RunCommand
  /** what the command is called in sentences */
  readonly program: string
  readonly severity: Matter['severity']
  /** milliseconds in which nobody is called again for the same */
  readonly hold: number
  /** milliseconds that never go back; default the clock of this process */
  readonly now?: () => number
}

/** Milliseconds between two looks at what is wrong. */
const lookEvery = 1_000
/** What comes within so many milliseconds goes into one call. */
const gathering = 2_000
/**
 * A look that comes so late tells that this machine slept, or is too busy: then no host seems to answer, though they all do. For a while an alert must
 * last as long before somebody is called.
 */
const late = { by: 3_000, lasts: 30_000 } as const
/** An alert is over when it has been gone for so long. One that comes and goes is one. */
const gone = 30_000
/** After the start hosts answer for the first time: what is not seen yet may still be wrong. */
const starting = 60_000
/** After a command that failed the same is tried again after so long, then after twice as long, and so on. */
const patience = { first: 60_000, most: 3_600_000 } as const
/** What is under way at the end has so long. */
const farewell = 1_500

interface Retry {
  readonly tries: number
  /** by the clock of this process */
  readonly at: number
}

/** Tells the site's own command of what is wrong, and of its end: one call at a time, and of all consoles with the same journal one. */
export class Caller implements Beside {
  readonly #options: CallerOptions
  readonly #now: () => number
  readonly #ending = new AbortController()
  readonly #retries = new Map<string, Retry>()
  /** what is not wrong any more, and since when */
  readonly #goneSince = new Map<string, number>()
  #fleet: Watched | undefined
  #timer: NodeJS.Timeout | undefined
  #startedAt = 0
  /** when it was last looked, and when that was last too late */
  #lookedAt = Number.POSITIVE_INFINITY
  #lateAt = Number.NEGATIVE_INFINITY
  /** since when there is something to tell */
  #dueSince: number | undefined
  #calling: Promise<void> | undefined

  constructor(options: CallerOptions) {
    this.#options = options
    this.#now = options.now ?? steadyNow
  }

  get runs(): Label {
    return label(this.#options.program)
  }

  start(fleet: Watched): void {
    this.#fleet = fleet
    this.#startedAt = this.#now()
    this.#timer = setInterval(() => this.look(), lookEvery).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    const late = new Promise((resolve) => setTimeout(resolve, farewell).unref())
    await Promise.race([this.#calling, late])
    this.#ending.abort()
    await this.#calling
    this.#options.book.release()
    this.#options.book.close()
  }

  /** That nobody is called. */
  alerts(): readonly Alert[] {
    return failureAlert(this.#options.book, this.#options.program)
  }

  /** Looks what is wrong, and calls. A call is not waited for: it is over when `calling` has settled. */
  look(): void {
    const { book } = this.#options
    const now = this.#now()
    if (now - this.#lookedAt > lookEvery + late.by) this.#lateAt = now
    this.#lookedAt = now
    // This console is the one that calls also while it does.
    const isHolder = book.hold(wallTime(now))
    if (!isHolder || !this.#fleet || this.#calling || this.#ending.signal.aborted) return
    const matters = this.#fleet
      .alerts()
      .filter(({ what }) => what !== failing)
      .map(matterOf)
    const { opened, closed } = this.#due(matters, now)
    if (!opened.length && !closed.length) {
      this.#dueSince = undefined
      return
    }
    this.#dueSince ??= now
    const isLate = now - this.#lateAt < late.lasts
    if (now - this.#dueSince < (isLate ? late.lasts : gathering)) return
    this.#dueSince = undefined
    this.#calling = this.#callAll(opened, closed).finally(() => {
      this.#calling = undefined
    })
  }

  /** Settles when the command has ended; `undefined`: it does not run. */
  get calling(): Promise<void> | undefined {
    return this.#calling
  }

  #due(matters: readonly Matter[], now: number) {
    const { book, severity, hold } = this.#options
    const told = book.told()
    this.#noteGone(matters, told, now)
    const isOver = (id: string) => now - (this.#goneSince.get(id) ?? now) >= gone
    const { opened, closed, forgotten } = dueOf(matters, told, isOver, { severity, hold }, wallTime(now))
    if (forgotten.length) book.note([], forgotten)
    const rests = ({ id }: { readonly id: string }) => (this.#retries.get(id)?.at ?? 0) > now
    return {
      opened: opened.filter((one) => !rests(one)),
      closed: closed.filter((one) => !rests(one)),
    }
  }

  #noteGone(matters: readonly Matter[], told: ReadonlyMap<string, Told>, now: number): void {
    for (const { id } of matters) this.#goneSince.delete(id)
    const standing = new Set(matters.map(({ id }) => id))
    if (now - this.#startedAt < starting) return
    for (const id of told.keys())
      if (!standing.has(id) && !this.#goneSince.has(id)) this.#goneSince.set(id, now)
    // What nobody was called for, or is forgotten, is not counted any more.
    for (const id of this.#goneSince.keys()) if (!told.has(id)) this.#goneSince.delete(id)
    for (const id of this.#retries.keys()) if (!standing.has(id) && !told.has(id)) this.#retries.delete(id)
  }

  async #callAll(opened: readonly Matter[], closed: readonly Told[]): Promise<void> {
    const at = wallTime(this.#now())
    if (opened.length && (await this.#call('opened', opened)))
      this.#options.book.note(
        opened.map(({ id, severity, text, json }) => ({ id, severity, text, json, at })),
      )
    if (closed.length && !this.#ending.signal.aborted && (await this.#call('closed', closed)))
      this.#options.book.note(closed.map((one) => ({ ...one, closedAt: at })))
  }

  /** Whether the command has been told. */
  async #call(event: CallEvent, about: readonly Pick<Matter, 'id' | 'text' | 'json'>[]): Promise<boolean> {
    const fleet = this.#fleet as Watched
    const call = { event, cluster: fleet.cluster, at: wallTime(this.#now()), about }
    const outcome = await this.#options.run(callJson(call), this.#ending.signal)
    if (this.#ending.signal.aborted && outcome.trouble) return false
    for (const { id } of about)
      if (outcome.trouble) this.#retries.set(id, this.#later(id))
      else this.#retries.delete(id)
    this.#write(fleet, callText(call), outcome)
    return !outcome.trouble
  }

  #later(id: string): Retry {
    const tries = (this.#retries.get(id)?.tries ?? 0) + 1
    const rest = Math.min(patience.most, patience.first * 2 ** (tries - 1))
    return { tries, at: this.#now() + rest }
  }

  /** Each call stands in the journal; that calls fail, and work again, once. */
  #write({ journal }: Watched, what: Matter['text'], { trouble, took }: Outcome): void {
    const { book, program } = this.#options
    const at = wallTime(this.#now())
    const { failure } = book
    const entry = { at, host: 'console' } as const
    const of = say`alerts.run: ${label(program)}`
    if (trouble) {
      if (failure?.why !== trouble) book.fail({ since: failure?.since ?? at, why: trouble })
      if (!failure)
        journal.add({
          ...entry,
          kind: 'seen',
          severity: 'bad',
          text: say`${of}: ${trouble}; nobody was called: ${what}`,
        })
      return
    }
    if (failure) {
      book.fail(undefined)
      const since = duration(at - failure.since)
      journal.add({ ...entry, kind: 'seen', severity: 'info', text: say`${of}: works again, after ${since}` })
    }
    const seconds = tenths(took)
    journal.add({
      ...entry,
      kind: 'did',
      severity: 'info',
      text: say`${of}: called in ${seconds} s: ${what}`,
    })
  }
}

/** Identifies the alert that calls fail; nobody is called for it. */
const failing = 'calls fail'

/** That the command fails is wrong, too: nobody is called. */
export function failureAlert({ failure }: Pick<CallBook, 'failure'>, program: string): readonly Alert[] {
  if (!failure) return []
  const { since, why } = failure
  return [
    {
      severity: 'bad',
      what: failing,
      about: { kind: 'host', id: 'console' },
      host: 'console',
      name: label('alerts.run'),
      text: say`nobody is called: ${label(program)} ${why}`,
      advice: say`vdd alert test runs it and shows what it says`,
      since: since - (wallTime(steadyNow()) - steadyNow()),
    },
  ]
}
