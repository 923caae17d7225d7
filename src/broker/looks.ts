import { say } from '../hosts/label.ts'
import { isAsking } from '../services/display/here/asker.ts'
import { isOver, type LookRequest, lookText } from './look.ts'
import type { Notes } from './notes.ts'
import type { BrokerOptions } from './options.ts'
import type { BrokerRequest } from './protocol.ts'
import { Refused } from './refused.ts'
import type { NoRequest } from './requests.ts'
import { forgetLook, keepLook, type StandingLook, standingLook } from './standing-looks.ts'

/** What is told of others who look at the channels of one person: asked, agreed to, refused, over. */
export class Looks {
  readonly #options: Pick<BrokerOptions, 'viewing' | 'person' | 'book' | 'isAsking'>
  readonly #notes: Notes
  readonly #now: () => number

  constructor(
    options: Pick<BrokerOptions, 'viewing' | 'person' | 'book' | 'isAsking'>,
    notes: Notes,
    now: () => number,
  ) {
    this.#options = options
    this.#notes = notes
    this.#now = now
  }

  /** The end of what was written down when it began, and counted then: nothing keeps it from being written. */
  isOwed(request: BrokerRequest | NoRequest): boolean {
    if ('wrong' in request || request.ask !== 'look' || !isOver(request)) return false
    const { book, person } = this.#options
    return standingLook(book.db, request.channel, person.uid) !== undefined
  }

  /** Writes down what is told of a look, if it may be and there is one. @throws {Refused} */
  async tell(request: LookRequest): Promise<void> {
    const { viewing = 'off', book, person } = this.#options
    const { what, channel, by } = request
    const known = what === 'asked' ? await this.#asked(request) : standingLook(book.db, channel, person.uid)
    const text = lookText(request, known?.isSeen ?? false)
    // What has begun has an end, whatever the configuration says by now.
    if (viewing === 'off' && !isOver(request))
      throw new Refused('not-for-you', say`${text}: nobody may look here (desk.viewing)`)
    // It was told before, by another one who found that it is over.
    if (!known && isOver(request)) return
    if (known?.by !== by || known.isAgreed !== (what === 'ended'))
      throw new Refused('malformed', say`${text}: nobody has asked`)
    if (!this.#notes.tell('info', text)) {
      if (!isOver(request)) throw new Refused('too-many', say`${text}: not written down`)
      this.#notes.write('info', text)
    }
    if (isOver(request)) forgetLook(book.db, channel, person.uid)
    else keepLook(book.db, channel, person.uid, { ...known, isAgreed: what === 'agreed' })
  }

  /** Who looks at what is their own needs nobody to see it. */
  async #asked({ by, channel, controls }: LookRequest): Promise<StandingLook> {
    const { person: owner, isAsking: see = isAsking } = this.#options
    const isSeen = by === owner.name || (await see({ by, owner, channel, controls }, this.#now()))
    return { by, isAgreed: false, isSeen }
  }
}
