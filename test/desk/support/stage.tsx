import { EventEmitter } from 'node:events'
import { render } from 'ink'
import { themeFor } from '../../../src/components/theme.ts'
import { DeskAtWork } from '../../../src/desk/at-work.ts'
import { MadeUpSurroundings } from '../../../src/desk/made-up.ts'
import { Screen } from '../../../src/desk/Screen.tsx'
import type { Settings } from '../../../src/desk/state.ts'
import type { Language } from '../../../src/desk/texts/voice.ts'
import { adaptTo } from '../../../src/terminal/adapt.ts'
import { Canvas } from '../../../src/terminal/canvas.ts'
import { Painter } from '../../../src/terminal/painter.ts'
import { finished, pass, settle } from '../../support/frozen.ts'
import { type Place, profileOf, type Shown } from '../../support/stage.tsx'
import { Replay } from '../../terminal/support/replay.ts'

/** The least that the desk is made for, and what most terminals are. */
export const places = [
  { term: 'vt100', columns: 40, rows: 15 },
  { term: 'linux', columns: 80, rows: 24 },
] as const satisfies readonly Place[]

interface Options {
  readonly language?: Language
  readonly settings?: Partial<Settings>
  readonly surroundings?: MadeUpSurroundings
  readonly utf8?: boolean
}

/** A desk of the made-up school in a frozen world (`frozen.ts`), which has its systems. */
export async function deskAtWork({
  language = 'it',
  settings = {},
  surroundings = new MadeUpSurroundings(),
  utf8 = true,
}: Options = {}): Promise<DeskAtWork> {
  const work = new DeskAtWork({ surroundings, settings: { locked: false, ...settings }, language, utf8 })
  await work.begin()
  await settle()
  return work
}

/** Presses keys, and lets happen what they begin. */
export async function press(work: DeskAtWork, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) work.press({ key })
  await settle()
}

/** Lets time pass until it is so. */
export async function passUntil(work: DeskAtWork, at: DeskAtWork['desk']['page']['at']): Promise<void> {
  for (let past = 0; work.desk.page.at !== at; past += 100) {
    if (past > 60_000) throw new Error(`${work.desk.page.at} and not ${at} after a minute`)
    await pass(100)
  }
}

/** Shows a desk on a terminal, as a person sees it: through the real painter, and a terminal that obeys it. */
export async function look(work: DeskAtWork, { term, columns, rows }: Place): Promise<Shown> {
  const profile = profileOf(term)
  const painter = new Painter(profile, columns, rows)
  const replay = new Replay(columns, rows)
  let bytes = ''
  const canvas = new Canvas(columns, rows, adaptTo(profile), (frame) => {
    bytes += painter.next(frame)
  })
  let failed: unknown
  const onError = (error: unknown) => {
    failed = error
  }
  work.resize({ columns, rows })
  const theme = themeFor({ colour: profile.colours > 0, slow: false })
  const ink = render(<Screen work={work} theme={theme} onError={onError} />, {
    stdout: canvas as unknown as NodeJS.WriteStream,
    stdin: Object.assign(new EventEmitter(), { isTTY: false }) as unknown as NodeJS.ReadStream,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  await settle()
  ink.unmount()
  if (failed) throw failed
  // The terminal reads what it is sent after a timer.
  await finished(replay.write(bytes))
  const shown = { lines: replay.text(), cursor: replay.cursor }
  replay.dispose()
  return shown
}
