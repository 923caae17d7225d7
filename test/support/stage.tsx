import { EventEmitter } from 'node:events'
import { render } from 'ink'
import { themeFor } from '../../src/components/theme.ts'
import { Console } from '../../src/console/console.ts'
import { demoFleet } from '../../src/demo/fleet.ts'
import type { World, WorldOptions } from '../../src/demo/world.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { label, say } from '../../src/hosts/label.ts'
import { App } from '../../src/screens/App.tsx'
// What is loaded only when it is needed would take time of this machine.
import '../../src/actions/drill/carry-out.ts'
import '../../src/services/display/parse.ts'
import { adaptTo } from '../../src/terminal/adapt.ts'
import { Canvas } from '../../src/terminal/canvas.ts'
import { Painter } from '../../src/terminal/painter.ts'
import { adjusted, knownProfile, type Profile } from '../../src/terminal/profile.ts'
import { Replay } from '../terminal/support/replay.ts'
import { finished, settle } from './frozen.ts'

/** A terminal on which a console is looked at. */
export interface Place {
  readonly term: string
  readonly columns: number
  readonly rows: number
}

/** The least that the screens are made for, and a wide one with all that terminals have today. */
export const places = [
  { term: 'vt100', columns: 80, rows: 24 },
  { term: 'xterm-256color', columns: 132, rows: 43 },
] as const satisfies readonly Place[]

export function profileOf(term: string): Profile {
  const known = knownProfile(term)
  if (!known) throw new Error(`${term} is not known`)
  return adjusted(known, { colour: true, ascii: false, utf8: known.utf8 })
}

/** What a terminal shows, and where its cursor stands. */
export interface Shown {
  readonly lines: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number }
}

/** The demo's fleet in a frozen world (`frozen.ts`); begun, so that time has only to pass. */
export function stage(options: WorldOptions = {}): {
  readonly fleet: Fleet
  readonly world: World
  readonly open: () => Console
  readonly end: () => Promise<void>
} {
  const { world, members } = demoFleet({ seed: 1, ...options })
  const fleet = new Fleet({
    cluster: label('demo'),
    demo: true,
    readOnly: false,
    drills: true,
    interval: 1000,
    journal: new Journal(':memory:'),
    members,
  })
  fleet.start()
  return {
    fleet,
    world,
    open: () => new Console(fleet, say`ada@console`),
    end: async () => {
      await fleet.stop()
      world.stop()
      fleet.journal.close()
    },
  }
}

/** Shows a console on a terminal, as a person sees it: through the real painter, and a terminal that obeys it. */
export async function look(console: Console, { term, columns, rows }: Place): Promise<Shown> {
  const profile = profileOf(term)
  const painter = new Painter(profile, columns, rows)
  const replay = new Replay(columns, rows)
  let bytes = ''
  const canvas = new Canvas(columns, rows, adaptTo(profile), (frame) => {
    bytes += painter.next(frame)
  })
  const theme = themeFor({ colour: profile.colours > 0, slow: profile.old })
  let failed: unknown
  const onError = (error: unknown) => {
    failed = error
  }
  console.resize({ columns, rows })
  const ink = render(<App console={console} theme={theme} onError={onError} />, {
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

/** As it is kept: the lines, and below them where the cursor is. */
export function textOf({ lines, cursor }: Shown): string {
  return `${lines.map((line) => `${line.trimEnd()}\n`).join('')}== cursor in line ${cursor.row + 1}, column ${cursor.column + 1}\n`
}
