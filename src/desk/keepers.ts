import { type Obeyed, type Order, obeyedSchema } from '../services/display/opening.ts'
import { sightSchema } from '../services/display/sight.ts'
import { childThat } from './child.ts'
import type { OpenChannel } from './surroundings.ts'

/** What the channels of this person say and do. */
export interface Keepers {
  channels(): Promise<readonly OpenChannel[]>
  tell(id: string, order: Order): Promise<Obeyed>
}

/** Bytes: fifty channels, and more. */
const longestLine = 4_194_304

/** By the verbs of this program: `vdd channel facts`, `vdd channel tell ID` with the order on its standard input. */
export class KeepersByVerbs implements Keepers {
  readonly #program: string
  readonly #uid: number

  constructor(program: string, uid: number) {
    this.#program = program
    this.#uid = uid
  }

  async channels(): Promise<readonly OpenChannel[]> {
    const { channels } = await oneAnswer([this.#program, 'channel', 'facts'], sightSchema)
    return channels.filter(({ uid }) => uid === this.#uid)
  }

  async tell(id: string, order: Order): Promise<Obeyed> {
    return await oneAnswer([this.#program, 'channel', 'tell', id], obeyedSchema, order)
  }
}

/** Milliseconds in which a verb answers that asks nobody else. */
const patience = 20_000

/** @throws where it says nothing that is understood, in time */
function oneAnswer<T>(
  command: readonly [file: string, ...args: string[]],
  schema: Parameters<typeof childThat<T>>[0]['schema'],
  input?: unknown,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = setTimeout(() => {
      child.letGo()
      reject(new Error('no answer'))
    }, patience)
    const child = childThat({
      command,
      schema,
      longestLine,
      heard: (said) => {
        clearTimeout(late)
        child.letGo()
        resolve(said)
      },
      ended: (why) => {
        clearTimeout(late)
        reject(new Error(why))
      },
    })
    if (input !== undefined) child.say(input)
  })
}
