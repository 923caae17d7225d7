import { Conversation, type Manner } from './conversation.ts'
import { type Host, HostError, type Output } from './host.ts'
import { label, type Raw, say } from './label.ts'
import { quote } from './quote.ts'

/**
 * A command gets no standard input, or it would read the ones behind it. The blank line ends an answer that does not end with one,
 * and the status is the line before the marker.
 */
const sh: Manner = {
  program: 'sh',
  feed: (words, marker) =>
    `${quote(words)} </dev/null\nprintf '\\n%d\\n%s\\n' "$?" ${marker}\necho ${marker} >&2\n`,
  errorLine: (marker) => marker,
  ended: (host, err) =>
    new HostError('unreachable', host, err.trim() ? say`sh ended: ${label(err.trim())}` : say`sh ended`),
  outcome: ({ out }) => say`${out.length} characters`,
}

/** English, and also the places of an administrator's programs, which a plain user's shell does not look in. */
const prepared = 'PATH=$PATH:/usr/sbin:/sbin LC_ALL=C LANGUAGE=\nexport PATH LC_ALL LANGUAGE\n'

/** A POSIX shell that stays on a host: commands that are asked every second cost it one process each, and no connection. */
export class Shell {
  readonly #conversation: Conversation

  private constructor(conversation: Conversation) {
    this.#conversation = conversation
  }

  static async open(host: Host): Promise<Shell> {
    const channel = await host.stream(['sh'])
    channel.stdin.write(prepared)
    return new Shell(new Conversation(host, channel, sh))
  }

  get closed(): boolean {
    return this.#conversation.closed
  }

  /** Runs a command to its end. After `timeout` milliseconds the shell is ended, with every command that waits in it. */
  async run(argv: readonly Raw[], timeout: number): Promise<Output> {
    const { out, err } = await this.#conversation.command(argv, timeout)
    const at = out.lastIndexOf('\n', out.length - 2)
    return { code: Number(out.slice(at + 1)), stdout: out.slice(0, at), stderr: err }
  }

  /** The same, and what it says as bytes: what is no text is not lost. */
  async bytes(
    argv: readonly Raw[],
    timeout: number,
  ): Promise<{ code: number; stdout: Buffer; stderr: string }> {
    const { bytes, err } = await this.#conversation.command(argv, timeout)
    const at = bytes.lastIndexOf('\n', bytes.length - 2)
    return { code: Number(bytes.subarray(at + 1)), stdout: bytes.subarray(0, at), stderr: err }
  }

  /** Runs a text in the shell itself, which starts no process for it. It may not leave the shell; words in it come from `quote()`. */
  async script(text: string, timeout: number): Promise<Output> {
    return await this.run(['eval', text], timeout)
  }

  close(): void {
    this.#conversation.close()
  }
}
