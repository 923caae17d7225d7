import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Broker } from '../../../src/broker/broker.ts'
import { hold } from '../../../src/broker/holds.ts'
import type { BrokerOptions } from '../../../src/broker/options.ts'
import type { Person } from '../../../src/broker/person.ts'
import { type BrokerReply, replySchema } from '../../../src/broker/protocol.ts'
import type { SystemConfig } from '../../../src/config/desk.ts'
import { demoFleet } from '../../../src/demo/fleet.ts'
import { Fleet } from '../../../src/fleet/fleet.ts'
import { DeskBook } from '../../../src/fleet/journal/desk-book.ts'
import { type Entry, Journal } from '../../../src/fleet/journal/journal.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label } from '../../../src/hosts/label.ts'

export const anna: Person = { uid: 1001, name: 'anna', groups: ['anna', 'desk'] }
export const bruno: Person = { uid: 1002, name: 'bruno', groups: ['bruno', 'desk', 'teachers'] }

const never = new AbortController().signal

/** A directory with a journal of its own, in which brokers write; each of them has its own connection, as processes have. */
export class Office {
  readonly path = mkdtempSync(join(tmpdir(), 'vdd-broker-'))
  readonly file = join(this.path, 'journal.db')
  readonly #closing: (() => unknown)[] = []

  /** Nobody asks the demo's hosts before it is needed. */
  readonly demo = demoFleet({ seed: 1 })
  #fleet: Promise<Fleet> | undefined

  readonly fleet = (): Promise<Fleet> => {
    this.#fleet ??= this.#open()
    return this.#fleet
  }

  async #open(): Promise<Fleet> {
    const journal = new Journal(this.file, { waits: true })
    const { members } = this.demo
    const fleet = new Fleet({
      cluster: label('demo'),
      demo: true,
      readOnly: false,
      interval: 50,
      merge: 10,
      notifyEvery: 10,
      witness: false,
      about: ['machines'],
      journal,
      members,
    })
    fleet.start()
    this.#closing.unshift(async () => {
      await fleet.stop()
      journal.close()
    })
    const known = this.demo.world.hypervisors.machines.size
    const isRead = ({ machines, hosts }: Snapshot) =>
      machines.length === known || hosts.some(({ trouble }) => trouble) || undefined
    await fleet.until(isRead, AbortSignal.timeout(120_000))
    return fleet
  }

  broker(person: Person, systems: readonly SystemConfig[], given: Partial<BrokerOptions> = {}): Broker {
    const book = new DeskBook(this.file)
    const journal = new Journal(this.file, { waits: true })
    this.#closing.push(
      () => book.close(),
      () => journal.close(),
    )
    return new Broker({ systems, person, book, journal, fleet: this.fleet, sshd: async () => true, ...given })
  }

  /** Has a machine be given to a person. */
  give(machine: string, { uid }: Person, now = Date.now()): void {
    const book = new DeskBook(this.file)
    hold(book.db, machine, uid, now)
    book.close()
  }

  /** What the journal has of this person, oldest first. */
  told(person: Person): Entry[] {
    const journal = new Journal(this.file, { waits: true })
    try {
      return journal
        .latest(10_000)
        .filter(({ who }) => who === `${person.name} (desk)`)
        .reverse()
    } finally {
      journal.close()
    }
  }

  /** What a query of the database gives. */
  rows(query: string): Record<string, unknown>[] {
    const book = new DeskBook(this.file)
    try {
      return book.db.prepare(query).all()
    } finally {
      book.close()
    }
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close()
    this.demo.world.stop()
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** All replies to a request, each of which is one of the protocol. */
export async function ask(broker: Broker, request: unknown, signal = never): Promise<BrokerReply[]> {
  const replies: BrokerReply[] = []
  const line = Buffer.from(typeof request === 'string' ? request : JSON.stringify(request))
  for await (const reply of broker.handle(line, signal)) replies.push(replySchema.parse(reply))
  return replies
}

/** The last of them. */
export async function answer(broker: Broker, request: unknown): Promise<Record<string, unknown>> {
  return { ...(await ask(broker, request)).at(-1) }
}
