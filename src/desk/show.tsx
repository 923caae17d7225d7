import { setImmediate } from 'node:timers/promises'
import { drawOn } from '../components/draw-on.ts'
import { themeFor } from '../components/theme.ts'
import { printable } from '../hosts/label.ts'
import { type Ending, endsInOrder, errorReport, onEnding, unrestored } from '../terminal/ending.ts'
import { showLife } from '../terminal/life.ts'
import type { Profile } from '../terminal/profile.ts'
import { Session } from '../terminal/session.ts'
import { type Size, sizeOfEnvironment } from '../terminal/size.ts'
import { saveMemory } from '../terminal/thrift.ts'
import type { LineFacts } from '../terminal/tty.ts'
import type { DeskAtWork } from './at-work.ts'
import { runOnTerminal } from './lend.ts'
import { Screen } from './Screen.tsx'

interface ShowOptions {
  readonly work: DeskAtWork
  readonly profile: Profile
  readonly line: LineFacts
  /** `--size` */
  readonly fixedSize?: Size
}

/** Lines of up to this speed, in bits a second, mark the choice by a character and not by a bar. */
const slow = 2400

/** Signals of a keyboard. They end nothing while another program has it, nor where the desk is all that a person has. */
const ofKeyboard = new Set([130, 131])

/** Shows the desk until the person leaves or the terminal goes away. Resolves with the exit status. */
export async function showDesk({ work, profile, line, fixedSize }: ShowOptions): Promise<number> {
  let ended: (ending: Ending) => void = () => {}
  const ending = new Promise<Ending>((resolve) => {
    ended = resolve
  })
  const { locked } = work.desk.settings
  let isLent = false
  const ignore = onEnding((early) => {
    if (!((locked || isLent) && ofKeyboard.has(early.code))) ended(early)
  })
  const failed = (error: unknown) => ended({ code: 70, message: errorReport(error) })
  const baud = line.baud ?? Number.POSITIVE_INFINITY
  const session = new Session({
    profile,
    baud,
    flowControl: line.flowControl,
    ...(fixedSize ? { fixedSize } : { foundSize: sizeOfEnvironment(process.env) }),
    onKey: (press) => work.press(press),
    onGone: () => ended({ code: 129 }),
    markOf: () => work.drawn,
  })
  work.leave = () => ended({ code: 0 })
  work.stop = () => session.stop()
  work.repaint = () => session.repaint()
  work.lend = async (command) => {
    let code = 255
    isLent = true
    await session.lend(async () => {
      code = await runOnTerminal(command, locked)
    })
    isLent = false
    return code
  }
  const endLife = showLife()
  const resized = () => work.resize({ columns: session.canvas.columns, rows: session.canvas.rows })
  resized()
  session.canvas.on('resize', resized)
  const theme = themeFor({ colour: profile.colours > 0, slow: baud <= slow })
  const ink = drawOn(session, <Screen work={work} theme={theme} onError={failed} />)
  // The first frame is on its way before anybody is asked.
  await setImmediate()
  await setImmediate()
  saveMemory()
  void work.begin()
  ink.ended.catch(failed)
  const { code, message } = await ending
  endsInOrder()
  endLife()
  const isRestored = session.leave()
  ink.end()
  await work.end()
  if (message) process.stderr.write(printable(message))
  ignore()
  return isRestored ? code : unrestored
}
