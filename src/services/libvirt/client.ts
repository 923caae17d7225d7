import { type Answer, Conversation, type Manner } from '../../hosts/conversation.ts'
import type { Argv, Host, HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import { errorText } from './parse.ts'
import { endedError, refusal, unanswered } from './refusal.ts'

/**
 * Words before each virsh: its texts in English whatever the host's locale, and no history file written by an
 * interactive virsh (notes/libvirt.md, section 3).
 */
const environment = ['env', 'LANGUAGE=', 'LC_ALL=C.UTF-8', 'VIRSH_HISTSIZE=0'] as const

/** The command line of one virsh that runs one command and ends. */
export function virsh(uri: string, ...words: readonly string[]): Argv {
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

/** A connection asks libvirtd every second and gives it up after two silent ones: a hung daemon is found in 2-3 s. */
const keepalive = ['-k', '1', '-K', '2'] as const

/**
 * The framing is measured (notes/libvirt.md, section 3): each command is followed by an `echo` of a marker on both outputs; lines
 * that begin with the prompt are virsh's echo of what it was fed. virsh gives no status for each command: what it says on standard
 * error tells that it failed.
 */
const manner: Manner = {
  program: 'virsh',
  feed: (words, marker) => `${quote(words)}\necho ${marker}\necho --err ${marker}\n`,
  errorLine: (marker) => `error: ${marker}`,
  // Everything of every machine: some thirty lines each, which are read in slices.
  bound: ([command]) => (command === 'domstats' ? { length: 16 * 2 ** 20, lines: 500_000 } : undefined),
  ended: endedError,
  outcome: ({ out, err }) => (err.trim() ? errorText(err) : say`${withoutPrompts(out).length} characters`),
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
  async command(words: readonly string[], timeout: number): Promise<Answer> {
    const { out, err } = await this.#conversation.command(words, timeout)
    return { out: withoutPrompts(out), err: err.trim() }
  }

  /** Ends the session. What is pending fails. */
  close(): void {
    this.#conversation.close()
  }
}

const echo = /^virsh [#>] /

/** Without virsh's echo of what it was fed. Most of a large answer is not looked at line by line. */
function withoutPrompts(text: string): string {
  const kept: string[] = []
  let from = 0
  for (let at = text.startsWith('virsh ') ? 0 : next(text, 0); at >= 0; at = next(text, at)) {
    if (!echo.test(text.slice(at, at + 8))) continue
    const end = text.indexOf('\n', at)
    kept.push(text.slice(from, at))
    from = end < 0 ? text.length : end + 1
  }
  return kept.length ? kept.join('') + text.slice(from) : text
}

/** Where the next line begins that may be an echo. */
function next(text: string, at: number): number {
  const found = text.indexOf('\nvirsh ', at)
  return found < 0 ? found : found + 1
}
