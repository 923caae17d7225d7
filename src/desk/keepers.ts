import { readdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { ChannelState } from '../services/display/channel.ts'
import { type TellLost, tellIfLost } from '../services/display/here/lost.ts'
import { ownChannel, tellOwn } from '../services/display/here/own.ts'
import { ownPlace } from '../services/display/here/places.ts'
import { isRunningAs } from '../services/display/here/process-mark.ts'
import { terminalName } from '../services/display/here/terminal-name.ts'
import type { Obeyed, Order } from '../services/display/opening.ts'
import type { OpenChannel } from './surroundings.ts'

/** Milliseconds after which is told again what nobody has taken: it is looked every two seconds, and each telling starts a broker. */
const againAfter = 60_000

interface Options {
  /** the folder of the person's channels */
  readonly place?: () => Promise<string>
  /** is told of those that went with their keeper */
  readonly lost?: TellLost
}

/** The channels of this person on this machine: what they have written down, and orders to them. */
export class Keepers {
  readonly #place: () => Promise<string>
  readonly #lost: TellLost | undefined
  /** from when on it is told again, by the id of a channel that was told of */
  readonly #told = new Map<string, number>()
  /** one telling after the other */
  #telling: Promise<unknown> = Promise.resolve()
  readonly #env: NodeJS.ProcessEnv
  /** asked of a name server, so once */
  #terminal: Promise<string> | undefined

  constructor(uid: number, env: NodeJS.ProcessEnv, { place = () => ownPlace(uid), lost }: Options = {}) {
    this.#env = env
    this.#place = place
    this.#lost = lost
  }

  /**
   * Where this person sits. Displays that ssh brings (`localhost:10.0`) are alike on every terminal, and others with every connection of one: there the name counts.
   */
  async #isHere({ terminal }: ChannelState): Promise<boolean> {
    const { DISPLAY } = this.#env
    if (terminal.display === undefined || DISPLAY === undefined) return false
    if (terminal.display !== DISPLAY && !(isBySsh(terminal.display) && isBySsh(DISPLAY))) return false
    this.#terminal ??= terminalName(this.#env)
    return terminal.name === (await this.#terminal)
  }

  async channels(): Promise<readonly OpenChannel[]> {
    const place = await this.#place()
    const ids = (await readdir(place)).flatMap((name) => /^([a-z2-7]{6})\.json$/.exec(name)?.[1] ?? [])
    const said = await Promise.all(ids.map((id) => ownChannel(place, id)))
    const seen = await Promise.all(
      said
        .filter((one) => one !== undefined)
        .map(async (one) => ({ said: one, fate: await fateOf(one), isHere: await this.#isHere(one) })),
    )
    for (const { said, fate } of seen) if (fate !== 'alive') this.#tellLost(said)
    return seen
  }

  /** Of a killed keeper nobody else tells the end. What is written down of it stays: other desks of the person show it by that. */
  #tellLost(channel: ChannelState): void {
    const { id } = channel
    if (performance.now() < (this.#told.get(id) ?? 0)) return
    this.#told.set(id, Number.POSITIVE_INFINITY)
    this.#telling = this.#telling
      .then(() => tellIfLost(channel, this.#lost))
      .catch(() => false)
      .then((isTold) => isTold || this.#told.set(id, performance.now() + againAfter))
  }

  async tell(id: string, order: Order): Promise<Obeyed> {
    const place = await this.#place()
    const channel = await ownChannel(place, id)
    return channel
      ? await tellOwn(place, channel, order, this.#lost)
      : { refused: 'it is not there any more' }
  }
}

const isBySsh = (display: string) => display.startsWith('localhost:')

async function fateOf({ keeper, server }: ChannelState): Promise<OpenChannel['fate']> {
  const { uid } = userInfo()
  if (await isRunningAs(uid, keeper)) return 'alive'
  return server && (await isRunningAs(uid, server)) ? 'orphan' : 'dead'
}
