import type { Raw } from './label.ts'

const plain = /^[A-Za-z0-9_@%+:,./-]+$/
/** Only as the first word `NAME=VALUE` sets a variable; `=NAME` is a path in zsh. */
const plainBehind = /^(?!=)[A-Za-z0-9_@%+:,./=-]+$/

/**
 * Turns words into the one line of POSIX shell text that a shell splits into exactly these words again: sshd hands
 * a command to the login shell as a string, so every command over ssh passes here (POSIX.1 XCU 2.2.2, single quotes).
 *
 * Words are JavaScript strings and reach the shell as UTF-8. An argument that is not valid UTF-8 cannot be written
 * as a JavaScript string, so it cannot be asked for; a lone surrogate is refused, since it would silently become
 * U+FFFD and name something else.
 *
 * @throws {TypeError} a word holds NUL, which no argument of a process can hold (execve(2)), or a lone surrogate
 */
export function quote(argv: readonly Raw[]): string {
  checkWords(argv)
  return argv.map(word).join(' ')
}

/** Refuses words that no process can be given, on every kind of host alike. Throws as `quote()`. */
export function checkWords(argv: readonly Raw[]): void {
  for (const text of argv) {
    if (text.includes('\0')) throw new TypeError('a command word holds a NUL byte')
    if (!text.isWellFormed()) throw new TypeError('a command word is not valid Unicode')
  }
}

function word(text: string, index: number): string {
  if ((index ? plainBehind : plain).test(text)) return text
  return `'${text.replaceAll("'", "'\\''")}'`
}
