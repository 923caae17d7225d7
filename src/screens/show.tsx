import { setImmediate } from 'node:timers/promises'
import { drawOn } from '../components/draw-on.ts'
import { themeFor } from '../components/theme.ts'
import { Console } from '../console/console.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { type Label, label, printable, say } from '../hosts/label.ts'
import { type Ending, endsInOrder, errorReport, onEnding, unrestored } from '../terminal/ending.ts'
import { showLife } from '../terminal/life.ts'
import type { Profile } from '../terminal/profile.ts'
import { Session } from '../terminal/session.ts'
import { askSize, type Size, sizeOfEnvironment } from '../terminal/size.ts'
import { saveMemory } from '../terminal/thrift.ts'
import type { LineFacts } from '../terminal/tty.ts'
import { App } from './App.tsx'

interface ShowOptions {
  readonly fleet: Fleet
  readonly who: Label
  readonly profile: Profile
  /** nothing is known of this terminal */
  readonly unknown: boolean
  readonly line: LineFacts
  readonly clock: boolean
  /** `--size` */
  readonly fixedSize?: Size
}

/** Lines of up to this speed, in bits a second, are drawn on with as little as possible. */
const slow = 19_200

/** Shows the console until the person leaves or the terminal goes away. Resolves with the exit status. */
export async function showConsole(options: ShowOptions): Promise<number> {
  const { fleet, who, profile, unknown, line, clock, fixedSize } = options
  const console = new Console(fleet, who)
  console.showsClock = clock
  if (unknown)
    console.tell(say`TERM=${label(profile.name.slice(0, 20))} is not known here; TERM=vt100 may fit`)
  let ended: (ending: Ending) => void = () => {}
  const ending = new Promise<Ending>((resolve) => {
    ended = resolve
  })
  const ignore = onEnding((early) => ended(early))
  const failed = (error: unknown) => ended({ code: 70, message: errorReport(error) })
  console.quit = () => ended({ code: 0 })
  const baud = line.baud ?? Number.POSITIVE_INFINITY
  const session = new Session({
    profile,
    baud,
    flowControl: line.flowControl,
    ...(fixedSize ? { fixedSize } : { foundSize: findSize() }),
    onKey: (press) => ('key' in press ? console.press(press.key) : console.paste(press.paste)),
    onGone: () => ended({ code: 129 }),
    markOf: () => console.drawn,
  })
  console.lend = (use) => session.lend(() => use({ stdin: process.stdin, stdout: process.stdout }))
  fleet.journal.subscribe(() => session.hasten())
  console.stop = () => session.stop()
  console.repaint = () => session.repaint()
  console.painted = () => session.painted
  const endLife = showLife()
  const resized = () => console.resize({ columns: session.canvas.columns, rows: session.canvas.rows })
  resized()
  session.canvas.on('resize', resized)
  const theme = themeFor({ colour: profile.colours > 0, slow: profile.old || baud <= slow })
  const ink = drawOn(session, <App console={console} theme={theme} onError={failed} />)
  // The first frame is on its way before the first look at the hosts, which may be many.
  await setImmediate()
  await setImmediate()
  saveMemory()
  fleet.start()
  ink.ended.catch(failed)
  const { code, message } = await ending
  endsInOrder()
  endLife()
  const isRestored = session.leave()
  ink.end()
  if (message) process.stderr.write(printable(message))
  await fleet.giveUp()
  await Promise.race([fleet.stop(), new Promise((resolve) => setTimeout(resolve, 500).unref())])
  fleet.journal.close()
  ignore()
  return isRestored ? code : unrestored
}

/** The size of a window of which the terminal driver knows nothing: what the environment says, else what the terminal answers. */
function findSize(): Partial<Size> {
  const { stdin, stdout, env } = process
  if (stdout.columns && stdout.rows) return {}
  const told = sizeOfEnvironment(env)
  if (told.columns && told.rows) return told
  const { size, typed } = askSize()
  // What was typed meanwhile are keys.
  if (typed.length) stdin.unshift(typed)
  return { ...size, ...told }
}
