import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountingServer } from '../../../src/config/desk.ts'
import { DeskBook } from '../../../src/fleet/journal/desk-book.ts'
import {
  type NewSession,
  type Session,
  sessionOfChannel,
  writeStart,
} from '../../../src/fleet/journal/sessions.ts'
import { types } from '../../../src/services/radius/attributes.ts'
import { codes, encodeResponse, openRequest } from '../../../src/services/radius/packet.ts'
import { FakeServer } from '../../services/radius/server.ts'

export const secret = 'of accounting'
const statuses: Readonly<Record<number, string>> = { 1: 'start', 2: 'stop', 3: 'interim' }

/** What a server is told by a packet. */
export interface Heard {
  readonly status: string
  readonly id: string
  readonly user: string
}

export function heardIn(request: Buffer): Heard {
  const { attributes } = openRequest(request, secret)
  const value = (type: number) => attributes.find((one) => one.type === type)?.value ?? Buffer.alloc(4)
  return {
    status: statuses[value(types.acctStatusType).readUInt32BE()] ?? '?',
    id: value(types.acctSessionId).toString(),
    user: value(types.userName).toString(),
  }
}

/** A journal with sessions in it, and RADIUS servers that are told of them. */
export class AccountingSite {
  readonly path = mkdtempSync(join(tmpdir(), 'vdd-accounting-'))
  readonly file = join(this.path, 'j.db')
  readonly secretFile = join(this.path, 'secret')
  readonly #closing: (() => unknown)[] = []

  constructor() {
    writeFileSync(this.secretFile, `${secret}\n`)
    chmodSync(this.secretFile, 0o600)
  }

  /** A connection of its own, as each process has. */
  book(): DeskBook {
    const book = new DeskBook(this.file)
    this.#closing.push(() => book.close())
    return book
  }

  /** @param answers the secret by which it answers; undefined: not at all */
  async server(answers: (heard: Heard, count: number) => string | undefined = () => secret) {
    const heard: Heard[] = []
    const fake = await FakeServer.open((request, reply) => {
      const one = heardIn(request)
      heard.push(one)
      const key = answers(one, heard.length)
      if (key !== undefined) reply(encodeResponse(request, key, codes.accountingResponse))
    })
    this.#closing.push(() => fake.close())
    const { address, port } = fake.at
    const config: AccountingServer = { address, port, secretFile: this.secretFile }
    return { heard, fake, config }
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close()
    rmSync(this.path, { recursive: true, force: true })
  }
}

export const annas: NewSession = {
  channel: 'aaaaaa',
  uid: 1001,
  who: 'anna',
  terminal: 'term3',
  machine: 'pc1',
  system: 'office',
  session: 'xfce',
}
export const brunos: NewSession = { ...annas, channel: 'bbbbbb', uid: 1002, who: 'bruno', machine: 'pc2' }

export function begin({ db }: DeskBook, one: NewSession, at: number): Session {
  writeStart(db, one, at)
  return sessionOfChannel(db, one.channel) as Session
}
