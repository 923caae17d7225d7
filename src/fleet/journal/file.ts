import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bringUpToDate } from './schema.ts'

/** Node's own `recursive` never returns where the kernel refuses a directory with ENOENT, as below /proc. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(directory).isDirectory()) return
    if (code !== 'ENOENT' || dirname(directory) === directory) throw error
    makeDirectory(dirname(directory))
    mkdirSync(directory, { mode: 0o700 })
  }
}

/** The journal tells who did what with which commands, so only its user may read it; SQLite gives the files beside it the same mode. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Takes the rights of others away, which nobody gave on purpose. Rights of a group were given on purpose, and stay. */
function keepToUser(file: string): void {
  for (const one of [file, `${file}-wal`, `${file}-shm`]) {
    const found = statSync(one, { throwIfNoEntry: false })
    if (found && found.mode & 0o007 && found.uid === process.getuid?.()) chmodSync(one, 0o600)
  }
}

/** Who may write it besides this user and root: its group, or others, among them an owner who is another user. */
export type Writers = 'group' | 'others'

export function writersOf(file: string): Writers | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return undefined
  const { mode, uid } = found
  if (mode & 0o002) return 'others'
  if (mode & 0o020) return 'group'
  return uid === process.getuid?.() || uid === 0 ? undefined : 'others'
}

/** Identifies the file at this path: another file has another inode. */
export function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file)
    return `${dev} ${ino}`
  } catch {
    return undefined
  }
}

/** Whole or not at all, and one process after the other. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/**
 * Milliseconds to wait for another process: at the start, when no key waits yet, and where none ever waits. At eight o'clock many people begin at once,
 * and SQLite is not fair to those who wait.
 */
const patience = { start: 1_000, noKeys: 20_000 } as const

/** Bytes of the log beside the file (its name ends in -wal), beyond which what stands there goes into the file. */
export const mostLog = 4_194_304

/**
 * Opens the file, or creates it. A file of a newer version is left as it is.
 *
 * @param waits whether later writes wait for a lock of another process, too; else they fail at once, since keys wait
 * @param prepare makes its tables; default those of the journal
 * @param timeout milliseconds to wait for another process until it is open
 */
export function open(
  file: string,
  waits: boolean,
  prepare: (db: DatabaseSync) => void = bringUpToDate,
  timeout: number = waits ? patience.noKeys : patience.start,
): DatabaseSync {
  if (file !== ':memory:') {
    makeDirectory(dirname(file))
    makeFile(file)
  }
  const db = new DatabaseSync(file, { timeout })
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${mostLog}`)
    prepare(db)
    if (file !== ':memory:') keepToUser(file)
  } catch (error) {
    db.close()
    throw error
  }
  // In WAL mode only a checkpoint waits for the disk; where keys wait, it is done between two keys (`Upkeep`).
  if (waits) db.exec(`PRAGMA busy_timeout = ${patience.noKeys}`)
  else db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_autocheckpoint = 0')
  return db
}
