import { setImmediate } from 'node:timers/promises'
import { type Label, printable } from '../hosts/label.ts'
import { type Ending, onEnding } from '../terminal/ending.ts'
import { LineReader } from '../terminal/line-reader.ts'
import { safest } from '../terminal/profile.ts'
import { saveMemory } from '../terminal/thrift.ts'
import { stty } from '../terminal/tty.ts'
import { writer } from '../terminal/written.ts'
import type { DeskAtWork } from './at-work.ts'
import { Dialogue } from './dialogue.ts'
import { runOnTerminal } from './lend.ts'

interface PlainOptions {
  readonly work: DeskAtWork
  /** the terminal shows text in UTF-8 */
  readonly utf8: boolean
}

/** Keys by which a login could be left for a shell are keys like all others. */
const withoutSignals = ['intr', 'quit', 'susp', 'eof'].flatMap((key) => [key, 'undef'])

/** The desk as a conversation on standard input and output, until the person leaves or the input ends. */
export async function showDeskPlain({ work, utf8 }: PlainOptions): Promise<number> {
  let ended: (ending: Ending) => void = () => {}
  const ending = new Promise<Ending>((resolve) => {
    ended = resolve
  })
  const { locked } = work.desk.settings
  let isLent = false
  const ignore = onEnding(
    (early) => {
      if (!((locked || isLent) && (early.code === 130 || early.code === 131))) ended(early)
    },
    { input: false },
  )
  const modes = process.stdin.isTTY ? stty('-g')?.trim() : undefined
  const set = (isSecret: boolean) => {
    if (modes) stty(modes, ...(locked ? withoutSignals : []), ...(isSecret ? ['-echo'] : []))
  }
  const shown = writer({ ...safest, utf8 })
  const print = (line: Label) => process.stdout.write(`${shown(line)}\n`)
  const dialogue = new Dialogue(work, print, set)
  const input = new LineReader(
    process.stdin,
    (line) => dialogue.line(line),
    // Who has nothing to type, as a script, hears what there is.
    () => void work.told.then(() => ended({ code: 0 })),
  )
  work.leave = () => ended({ code: 0 })
  work.lend = async (command) => {
    isLent = true
    input.off()
    if (modes) stty(modes)
    try {
      return await runOnTerminal(command, locked)
    } finally {
      set(dialogue.isSecret)
      // Node ends its reading of a paused stdin a turn later.
      await setImmediate()
      input.on()
      isLent = false
    }
  }
  set(false)
  await Promise.race([work.begin(), ending])
  dialogue.begin()
  saveMemory()
  // Only now: what was typed before waits, and is not lost.
  input.on()
  const { code, message } = await ending
  ignore()
  input.off()
  await work.end()
  if (modes) stty(modes)
  if (message) process.stderr.write(printable(message))
  else print(work.voice.say(work.voice.texts.sentences.goodbye))
  return code
}
