import type { Argv } from '../../../hosts/host.ts'
import type { RemoteCommand } from '../../../hosts/remote-command.ts'
import type { Obeyed } from '../opening.ts'
import { type DesktopEntry, execWords } from './desktop-entry.ts'
import { ChannelFailure } from './failure.ts'

/** What is done to a session from beside it, by its process group. */
export interface Ways {
  readonly terminate: (group: number) => Promise<void>
  /** resolves with the status of `lockScript` */
  readonly lock: (group: number) => Promise<number | null>
}

/** A session manager that runs on the machine. */
export class Session {
  readonly #command: RemoteCommand
  readonly #ways: Ways
  #words = ''

  /** @param input what it reads from its standard input */
  constructor(command: RemoteCommand, ways: Ways, input?: Buffer) {
    this.#command = command
    this.#ways = ways
    const keep = (text: string) => {
      this.#words = (this.#words + text).slice(-mostWords)
    }
    command.stdout.resume()
    command.stderr.setEncoding('utf8').on('data', keep)
    command.stdin.end(input)
  }

  /** its exit status; rejects when the machine was lost */
  get ended(): Promise<{ readonly code: number | null }> {
    return this.#command.ended
  }

  /** what it has said last */
  get words(): string {
    return this.#words
  }

  /** Asks all of it to end. */
  async ask(): Promise<void> {
    const group = await this.#command.stderr.group(0)
    if (group !== undefined) await this.#ways.terminate(group)
  }

  /** Locks its screen, by what its desktop has for that. */
  async lock(): Promise<Obeyed> {
    const group = await this.#command.stderr.group(0)
    const code = group === undefined ? undefined : await this.#ways.lock(group)
    return code === 0 ? { done: true } : { refused: nothingLocks }
  }

  /** Ends it. */
  end(): void {
    this.#command.kill()
  }
}

const nothingLocks =
  'nothing on its machine locks this desktop: it has no xscreensaver, no screen saver of its own, and none that hears logind'

/** characters */
const mostWords = 2000

/**
 * The words that become the session: by the machine's own Xsession, which makes ready what its distribution wants (D-Bus, keyboard, resources), else directly.
 * That takes one word with the whole command, which it splits at blanks.
 */
export function sessionArgv({ id, exec, desktopNames = id }: DesktopEntry): Argv {
  const words = execWords(exec)
  if (!words) throw new ChannelFailure('no-session', `${id}: its Exec line is not understood: ${exec}`)
  const script = [
    'export DESKTOP_SESSION="$1" XDG_SESSION_DESKTOP="$1" XDG_CURRENT_DESKTOP="$2" XDG_SESSION_TYPE=x11',
    'plain=$3; shift 3; cd || exit',
    'for one in /etc/X11/Xsession /etc/X11/xinit/Xsession; do',
    '  [ -n "$plain" ] && [ -x "$one" ] && exec "$one" "$plain"',
    'done',
    'exec "$@"',
  ].join('\n')
  const isPlain = words.every((word) => /^[A-Za-z0-9_@%+:,./=-]+$/.test(word))
  return ['sh', '-c', script, 'sh', id, desktopNames, isPlain ? words.join(' ') : '', ...words]
}
