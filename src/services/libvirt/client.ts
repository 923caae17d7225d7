import { Answer, Conversation, type Manner } from '../../hosts/conversation.ts'
import { type Bound, ordinary } from '../../hosts/framing.ts'
import type { Argv, Host, HostError } from '../../hosts/host.ts'
import { type Raw, say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import { errorText } from './parse.ts'
import { endedError, refusal, unanswered } from './refusal.ts'

/**
 * Words before each virsh: its texts in English whatever the host's locale, and no history file written by an
 * interactive virsh (docs/internals/libvirt.md, "Persistent virsh").
 */
const environment = ['env', 'LANGUAGE=', 'LC_ALL=C.UTF-8', 'VIRSH_HISTSIZE=0'] as const

/** The command line of one virsh that runs one command and ends. */
export function virsh(uri: string, ...words: readonly Raw[]): Argv {
  return [...environment, 'virsh', '-c', uri, ...words]
}

/** The command line of the virsh that follows events. It only reads. */
export function virshEvents(uri: string, readOnly: boolean): Argv {
  return [
    ...environment,
    'virsh',
    ...keepalive,
    ...(readOnly ? ['-r'] : []),
    '-c',
    uri,
    'event',
    '--all',
    '--loop',
    '--timestamp',
  ]
}

/** A connection asks libvirtd every second, and gives it up after two silent ones: docs/internals/libvirt.md, "Hung libvirtd". */
const keepalive = ['-k', '1', '-K', '2'] as const

const bounds: ReadonlyMap<string, Bound> = new Map([
  // Everything of every machine: some thirty lines each, which are read in slices.
  ['domstats', { length: 16 * 2 ** 20, lines: 500_000 }],
  // libvirt sends none that is longer than 4 MiB (REMOTE_STRING_MAX): one machine's description must not end the reading of all.
  ['dumpxml', { length: 5 * 2 ** 20, lines: 5 * 2 ** 20 }],
  // Without them the machines are seen nevertheless.
  ['pool-list', { ...ordinary, isOptional: true }],
  ['net-list', { ...ordinary, isOptional: true }],
])

/**
 * The framing is measured (docs/internals/libvirt.md, "Persistent virsh"): each command is followed by an `echo` of a marker on both
 * outputs; lines that begin with the prompt are virsh's echo of what it was fed. virsh gives no status for each command: what it says
 * on standard error tells that it failed.
 */
const manner: Manner = {
  program: 'virsh',
  feed: (words, marker) => `${quote(words)}\necho ${marker}\necho --err ${marker}\n`,
  errorLine: (marker) => `error: ${marker}`,
  bound: ([command = '']) => bounds.get(command),
  ended: endedError,
  outcome: ({ bytes, err }) => (err.trim() ? errorText(err) : say`${bytes.length} bytes`),
}

/** One virsh that stays. */
export class Virsh {
  readonly #conversation: Conversation

  private constructor(conversation: Conversation) {
    this.#conversation = conversation
  }

  /**
   * Starts a virsh and waits until it is connected; a virsh that connects to a hung libvirtd waits for ever, so this
   * too has its `timeout` in milliseconds. What virsh says before its first answer (the banner) is dropped here.
   */
  static async open(host: Host, uri: string, readOnly: boolean, timeout: number): Promise<Virsh> {
    const argv = [...environment, 'virsh', ...keepalive, ...(readOnly ? ['-r'] : []), '-c', uri] as const
    const session = new Virsh(new Conversation(host, await host.stream(argv), manner))
    const { err } = await session.command(['uri'], timeout).catch((error: HostError) => {
      throw error.kind === 'timeout' ? unanswered(host.name, uri, timeout) : error
    })
    if (!err) return session
    session.close()
    throw refusal(host.name, err)
  }

  get closed(): boolean {
    return this.#conversation.closed
  }

  /** Runs one command, as `Conversation.command`. */
  async command(words: readonly Raw[], timeout: number): Promise<Answer> {
    const { bytes, err, isTooLong } = await this.#conversation.command(words, timeout)
    return new Answer(isTooLong ? undefined : withoutEcho(bytes, words), err.trim())
  }

  /** Ends the session. What is pending fails. */
  close(): void {
    this.#conversation.close()
  }
}

/**
 * Without virsh's echo of what it was fed: the command before the answer (behind what was left of the command before it), and that of
 * the marker after it. What is between is kept as it is: free text may look like a prompt.
 */
function withoutEcho(said: Buffer, words: readonly Raw[]): Buffer {
  const begins = Math.min(...['#', '>'].map((sign) => endOf(said, `virsh ${sign} ${quote(words)}\n`)))
  const answer = Number.isFinite(begins) ? said.subarray(begins) : said
  const last = answer.lastIndexOf('\n', answer.length - 2) + 1
  return /^virsh [#>] echo /.test(answer.toString('latin1', last, last + 16))
    ? answer.subarray(0, last)
    : answer
}

/** Where the first line ends that is exactly this. */
function endOf(said: Buffer, line: string): number {
  const text = Buffer.from(line)
  if (said.subarray(0, text.length).equals(text)) return text.length
  const before = said.indexOf(`\n${line}`)
  return before < 0 ? Number.POSITIVE_INFINITY : before + 1 + text.length
}
