import { userInfo } from 'node:os'
import { lostBy } from '../broker/channel-account.ts'
import { brokerCommand } from '../broker/command.ts'
import { type BrokerReply, longestLine, replySchema } from '../broker/protocol.ts'
import { newReference } from '../broker/reference.ts'
import { tellAccount } from '../broker/teller.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { callDesk } from '../services/display/here/desk-title.ts'
import { tellMachineLog } from '../services/display/here/machine-log.ts'
import { terminalName } from '../services/display/here/terminal-name.ts'
import { viewHere } from '../services/display/here/view-here.ts'
import { type Order, type Said, saidSchema, type Wish } from '../services/display/opening.ts'
import { type Child, childThat } from './child.ts'
import { Keepers } from './keepers.ts'
import { ChoicesFile, choicesFile } from './last-choices.ts'
import { ownProgram } from './own-program.ts'
import type {
  Conversation,
  DeskMachine,
  LastChoices,
  MachineSaid,
  OpenChannel,
  Refused,
  Surroundings,
  Telling,
  TextSession,
} from './surroundings.ts'
import { AccountedSession } from './text-session.ts'

type Command = readonly [file: string, ...args: string[]]

interface Options {
  readonly env: NodeJS.ProcessEnv
  /** what brokers, and what keeps a channel */
  readonly broker: Command
  readonly keeper: Command
  readonly keepers: Pick<Keepers, 'channels' | 'tell'>
  /** tells whoever looks after this machine */
  readonly complain: (what: Label) => void
}

/** Milliseconds in which the broker says which systems there are, and in which it takes one step on the way to a machine. */
const patience = { systems: 20_000, step: 600_000 } as const

/** The world of a person at a display server: their broker, their channels, their state directory. */
export function realSurroundings(env: NodeJS.ProcessEnv): Surroundings {
  callDesk()
  return new RealSurroundings({
    env,
    broker: brokerCommand,
    keeper: [ownProgram(), 'channel', 'keep'],
    complain: tellMachineLog,
    keepers: new Keepers(process.getuid?.() ?? -1, env, { lost: lostBy(brokerCommand) }),
  })
}

export class RealSurroundings implements Surroundings {
  readonly person: string
  readonly hasDisplay: boolean
  readonly #options: Options
  readonly #choices: ChoicesFile

  constructor(options: Options) {
    this.#options = options
    this.#choices = new ChoicesFile(choicesFile(options.env))
    this.person = userName()
    this.hasDisplay = !!options.env.DISPLAY
  }

  systems(): ReturnType<Surroundings['systems']> {
    return new Promise((resolve) => {
      const child = this.#ask({ ask: 'systems' }, patience.systems, (reply) => {
        if ('systems' in reply) resolve({ systems: reply.systems })
        else if ('no' in reply) resolve(reply)
        else return
        child.letGo()
      })
    })
  }

  machine(system: string, heard: (said: MachineSaid) => void): Pick<Conversation, 'cancel'> {
    const child = this.#ask({ ask: 'machine', system }, patience.step, (reply) => {
      if ('step' in reply) return heard({ step: reply.step })
      if ('machine' in reply) heard({ machine: reply.machine })
      else if ('no' in reply) heard(reply)
      else return
      child.letGo()
    })
    return { cancel: () => child.letGo() }
  }

  /** One question to a broker of its own. When it says nothing that is understood, that is told as a refusal. */
  #ask(
    question: Readonly<Record<string, unknown>>,
    within: number,
    heard: (reply: BrokerReply | Refused) => void,
  ): Child {
    let late: NodeJS.Timeout | undefined
    const wait = () => {
      clearTimeout(late)
      late = setTimeout(() => {
        child.letGo()
        heard({ no: 'unreachable', reference: this.#complain('does not answer') })
      }, within)
    }
    const child = childThat({
      command: this.#options.broker,
      env: this.#options.env,
      schema: replySchema,
      longestLine,
      heard: (reply) => {
        if (reply.n !== 1 && reply.n !== -1) return
        wait()
        heard(reply)
      },
      ended: (why) => {
        clearTimeout(late)
        heard({ no: 'broken', reference: this.#complain(why) })
      },
    })
    wait()
    child.say({ n: 1, ...question })
    return {
      say: child.say,
      letGo: () => {
        clearTimeout(late)
        child.letGo()
      },
    }
  }

  /** The broker itself has written down nothing. Returns by what an operator finds it. */
  #complain(why: string): string {
    const reference = newReference()
    this.#options.complain(say`desk of ${label(this.person)}: the broker ${label(why)} (${label(reference)})`)
    return reference
  }

  openChannel(wish: Wish, heard: (said: Said) => void): Conversation {
    const { keeper, env } = this.#options
    const child = childThat({
      command: keeper,
      env,
      schema: saidSchema,
      longestLine,
      // The channel outlives the desk that opened it.
      detached: true,
      heard: (said) => {
        if ('open' in said || 'failed' in said) child.letGo()
        heard(said)
      },
      ended: (reason) => heard({ failed: { kind: 'other', reason, advice: '', reference: '' } }),
    })
    child.say(wish)
    return { answer: (answer) => child.say(answer), cancel: () => child.letGo() }
  }

  async channels(): Promise<readonly OpenChannel[]> {
    return await this.#options.keepers.channels()
  }

  async tell(id: string, what: Telling): Promise<string | undefined> {
    try {
      const order = what === 'bring' ? await this.#bringing(id) : orderFor(what)
      const obeyed = await this.#options.keepers.tell(id, order)
      return 'refused' in obeyed ? obeyed.refused : undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  /** A kept channel that is shown elsewhere, or nowhere, comes over to this terminal. */
  async #bringing(id: string): Promise<Order> {
    const channel = (await this.channels()).find(({ said }) => said.id === id)
    // By ssh from the same terminal it may hang on a connection that was lost: it comes over to this one.
    const isOnThis = channel?.isHere && channel.said.terminal.display === this.#options.env.DISPLAY
    if (!channel?.said.keep || isOnThis) return { do: 'raise' }
    return await viewHere(this.#options.env)
  }

  textSession({ name, address, port }: DeskMachine, system: string): TextSession {
    const to = port === undefined ? [] : ['-p', String(port)]
    // No escape, by which one could come back to a shell here; and nobody is asked whether they know a key.
    const { broker, env } = this.#options
    return new AccountedSession({
      command: ['ssh', '-t', '-x', '-e', 'none', '-o', 'StrictHostKeyChecking=yes', ...to, '--', address],
      about: { machine: name, system },
      terminal: () => terminalName(env),
      tell: (telling) => tellAccount(broker, telling),
      call: callDesk,
    })
  }

  recall(): LastChoices {
    return this.#choices.read()
  }

  remember(last: LastChoices): void {
    this.#choices.write(last)
  }
}

const orderFor = (what: Exclude<Telling, 'bring'>): Order =>
  what === 'hide' ? { do: 'hide' } : { do: 'close', insist: what === 'insist' }

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '')
  }
}
