import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, type Stats, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Argv } from '../hosts/host.ts'

/** Something temporary that a change creates on a host, and the command that removes it. */
interface Leftover {
  readonly host: string
  readonly argv: Argv
}

/** Identifies a process uniquely, even if its number is used again later. */
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

/** Only drafts of configurations are ever left (`replaceConfig`): a file in this directory can make a console run no other command. */
function removesDraft(argv: readonly unknown[]): boolean {
  const [file, words] = [argv.at(-1), argv.slice(0, -1)]
  const isRemoval = removals.some(
    (one) => one.length === words.length && one.every((word, i) => word === words[i]),
  )
  return isRemoval && typeof file === 'string' && draft.test(file)
}

/** Nobody else can have written it: its command is run on hosts with this user's rights. */
function isOwn({ uid, mode }: Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

/**
 * Keeps a file in a directory for each thing that this program has to remove from a host. What a killed process has left there, the next
 * one removes. Files of a living process, or of another machine that shares the directory, are never touched.
 */
export class Leftovers {
  readonly #directory: string
  #count = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Called before it is created; the returned function forgets it. A failure to write the file does not stop the change. */
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

  /** What ended processes of this machine have left, each with the function that forgets it. */
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

/** Whether it may still live: of another machine nothing is known. */
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
