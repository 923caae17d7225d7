import { setImmediate } from 'node:timers/promises'
import { Console } from '../../console/console.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import { conditionOf } from '../../fleet/snapshot.ts'
import { type Label, printable, say } from '../../hosts/label.ts'
import { type Ending, onEnding } from '../../terminal/ending.ts'
import { LineReader } from '../../terminal/line-reader.ts'
import type { Profile } from '../../terminal/profile.ts'
import { saveMemory } from '../../terminal/thrift.ts'
import { writer } from '../../terminal/written.ts'
import { wrap } from '../../text/fit.ts'
import { Dialogue } from './dialogue.ts'

interface PlainOptions {
  readonly fleet: Fleet
  readonly who: Label
  /** what the terminal can show */
  readonly profile: Profile
}

/** How long the first answers of the hosts are waited for, in milliseconds. */
const patience = 3000

/** The console as a conversation on standard input and output, until the person leaves or the input ends. */
export async function showPlain({ fleet, who, profile }: PlainOptions): Promise<number> {
  const console = new Console(fleet, who)
  // Dialogs are said whole.
  console.resize({ columns: 1000, rows: 1000 })
  let ended: (ending: Ending) => void = () => {}
  const ending = new Promise<Ending>((resolve) => {
    ended = resolve
  })
  const ignore = onEnding((early) => ended(early), { input: false })
  console.quit = () => ended({ code: 0 })
  const shown = writer(profile)
  fleet.start()
  await Promise.race([firstAnswers(fleet), ending])
  const print = (line: Label) => {
    // Where there is no terminal, nobody knows how wide the paper is.
    const room = (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY
    for (const part of wrap(line, room)) process.stdout.write(`${shown(part)}\n`)
  }
  const dialogue = new Dialogue(console, print)
  // What was begun is seen to its end also when nobody types any more.
  const whenDone = () => !console.tasks.length && ended({ code: 0 })
  const input = new LineReader(
    process.stdin,
    (line) => dialogue.line(line),
    () => {
      console.subscribe(whenDone)
      whenDone()
    },
  )
  if (process.stdin.isTTY)
    console.lend = async (use) => {
      input.off()
      try {
        await use({ stdin: process.stdin, stdout: process.stdout })
      } finally {
        // Node ends its reading of a paused stdin a turn later.
        await setImmediate()
        print(say`Back in the console of the cluster.`)
        input.on()
      }
    }
  dialogue.begin()
  saveMemory()
  // Only now: what was typed before waits, and is not lost.
  input.on()
  const { code, message } = await ending
  ignore()
  input.off()
  if (message) process.stderr.write(printable(message))
  await fleet.giveUp()
  await Promise.race([fleet.stop(), new Promise((resolve) => setTimeout(resolve, 500).unref())])
  fleet.journal.close()
  return code
}

/** So that the first thing that is said is not that nothing is known yet. */
async function firstAnswers(fleet: Fleet): Promise<void> {
  const asking = () => {
    const snapshot = fleet.snapshot()
    return snapshot.hosts.some((host) => conditionOf(snapshot, host, fleet.now()) === 'asking')
  }
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, patience)
    const stop = fleet.subscribe(() => {
      if (asking()) return
      clearTimeout(late)
      stop()
      resolve()
    })
  })
}
