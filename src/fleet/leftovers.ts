import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, type Stats, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Argv } from '../hosts/host.ts'

/** What a change makes on a host that is not to stay, and the command that takes it away. */
interface Leftover {
  readonly host: string
  readonly argv: Argv
}

/** A process of which there is no second one, not even later under the same number. */
interface Maker {
  readonly machine: string
  readonly boot: string
  readonly pid: number
  /** in ticks since the boot; proc(5), /proc/PID/stat */
  readonly began: string
}

const removals: readonly Argv[] = [
  ['rm', '-f', '--'],
  ['sudo', '-n', 'rm', '-f', '--'],
]
const draft = /^\/.*\.vdd-[0-9a-f]{6}$/

/** A draft of a configuration is all that is ever left (`replaceConfig`): no file of this directory makes a console run anything else. */
function removesDraft(argv: readonly unknown[]): boolean {
  const [file, words] = [argv.at(-1), argv.slice(0, -1)]
  const isRemoval = removals.some(
    (one) => one.length === words.length && one.every((word, i) => word === words[i]),
  )
  return isRemoval && typeof file === 'string' && draft.test(file)
}

/** Nobody else can have written it: what it says is run on hosts, with this user's rights. */
function isOwn({ uid, mode }: Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

/**
 * Keeps in a directory, a file each, what this program will have to take away from hosts, for as long as it is there. What is found of a
 * process that was killed the next one takes away. That of a process that lives, or of another machine that shares the directory, is
 * never touched.
 */
export class Leftovers {
  readonly #directory: string
  #count = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Before it is made; the function that is returned forgets it. What cannot be kept is not, and stops no change. */
  note({ host, argv }: Leftover): () => void {
    const maker = thisProcess()
    const file = join(this.#directory, `${maker.pid}-${maker.began}-${this.#count++}.json`)
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
      writeFileSync(file, JSON.stringify({ host, argv, maker }), { mode: 0o600, flag: 'wx' })
    } catch {
      return () => {}
    }
    return () => rmSync(file, { force: true })
  }

  /** What processes of this machine that have ended have left, each with the function that forgets it. */
  orphans(): { readonly leftover: Leftover; readonly forget: () => void }[] {
    return this.#files().flatMap((file) => {
      const found = parse(file)
      if (!found || lives(found.maker)) return []
      const { host, argv } = found
      return [{ leftover: { host, argv }, forget: () => rmSync(file, { force: true }) }]
    })
  }

  #files(): string[] {
    try {
      const directory = lstatSync(this.#directory)
      if (!directory.isDirectory() || !isOwn(directory)) return []
      return readdirSync(this.#directory).map((name) => join(this.#directory, name))
    } catch {
      return []
    }
  }
}

function parse(file: string): (Leftover & { readonly maker: Maker }) | undefined {
  try {
    const stats = lstatSync(file)
    if (!stats.isFile() || !isOwn(stats)) return undefined
    const { host, argv, maker } = JSON.parse(readFileSync(file, 'utf8'))
    const isKnown = typeof host === 'string' && Array.isArray(argv) && removesDraft(argv)
    return isKnown && Number.isInteger(maker?.pid)
      ? { host, argv: argv as unknown as Argv, maker }
      : undefined
  } catch {
    return undefined
  }
}

/** Whether it may still be there: of another machine nothing is known. */
function lives({ machine, boot, pid, began }: Maker): boolean {
  if (machine !== hostname()) return true
  return boot === bootId() && beganAt(pid) === began
}

function thisProcess(): Maker {
  return { machine: hostname(), boot: bootId(), pid: process.pid, began: beganAt(process.pid) ?? '' }
}

function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id').trim()
}

/** The 22nd field; the second may have blanks and parentheses in it. */
function beganAt(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
