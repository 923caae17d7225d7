import { readdir } from 'node:fs/promises'
import type { ChannelState } from '../services/display/channel.ts'
import { ownChannel, tellOwn } from '../services/display/here/own.ts'
import { ownPlace } from '../services/display/here/places.ts'
import { isRunning } from '../services/display/here/process-mark.ts'
import type { Obeyed, Order } from '../services/display/opening.ts'
import type { OpenChannel } from './surroundings.ts'

/** The channels of this person on this machine: what they have written down, and orders to them. */
export class Keepers {
  /** the folder of the person's channels */
  readonly #place: () => Promise<string>

  constructor(uid: number, place: () => Promise<string> = () => ownPlace(uid)) {
    this.#place = place
  }

  async channels(): Promise<readonly OpenChannel[]> {
    const place = await this.#place()
    const ids = (await readdir(place)).flatMap((name) => /^([a-z2-7]{6})\.json$/.exec(name)?.[1] ?? [])
    const said = await Promise.all(ids.map((id) => ownChannel(place, id)))
    return await Promise.all(said.filter((one) => one !== undefined).map(withFate))
  }

  async tell(id: string, order: Order): Promise<Obeyed> {
    const place = await this.#place()
    const channel = await ownChannel(place, id)
    return channel ? await tellOwn(place, channel, order) : { refused: 'it is not there any more' }
  }
}

async function withFate(said: ChannelState): Promise<OpenChannel> {
  if (await isRunning(said.keeper)) return { fate: 'alive', said }
  return { fate: said.server && (await isRunning(said.server)) ? 'orphan' : 'dead', said }
}
