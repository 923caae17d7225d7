import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import * as z from 'zod'

/** The path of a file with a secret in it: a secret itself does not stand in a configuration. */
export const ownSecretFile = z.string().min(1)

/** Why a file of the configuration cannot be used, in words; the path is part of them. */
export class FileError extends Error {
  override readonly name = 'FileError'
  /** the line that mends it */
  readonly advice: string
  constructor(message: string, advice: string) {
    super(message)
    this.advice = advice
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a directory',
}

/** Why a file cannot be read, in words, where it is one of the usual reasons. */
export function whyUnread(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? String(code)
}

/** Reads a file named in the configuration; `~` is the home directory. */
export function readNamed(path: string): string {
  const file = expand(path)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new FileError(`${file}: ${whyUnread(error)}`, 'name the right file in the configuration')
  }
}

/**
 * Reads a secret: the file without the end of its line. One that others may read is none. As ssh has it with keys, the group may only
 * where the file is another user's: `root:operators`, mode 640, is how several share it.
 */
export function readSecret(path: string): string {
  const text = readNamed(path)
  const file = expand(path)
  const { mode, uid } = statSync(file)
  if (mode & 0o007) throw new FileError(`${file}: others may read it`, `chmod 600 ${file}`)
  if (mode & 0o070 && uid === process.getuid?.())
    throw new FileError(`${file}: its group may read it`, `chmod 600 ${file}`)
  const secret = text.replace(/\r?\n$/, '')
  // By LDAP a name without a password is nobody, and counts as a success: RFC 4513, 5.1.2.
  if (!secret) throw new FileError(`${file}: is empty`, 'write the secret into it')
  return secret
}

function expand(path: string): string {
  return path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path
}
