import { EventEmitter } from 'node:events'
import { mock } from 'node:test'
import { render } from 'ink'
import { themeFor } from '../../src/components/theme.ts'
import { Console } from '../../src/console/console.ts'
import { demoFleet } from '../../src/demo/fleet.ts'
import { life } from '../../src/demo/machine/machine.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { label, say } from '../../src/hosts/label.ts'
import { App } from '../../src/screens/App.tsx'
import { unstamped } from '../../src/terminal/stamp.ts'

export type Kind = 'firstPaint' | 'refresh' | 'move' | 'switch' | 'scroll' | 'dialog'

/** One step of the scenario: what it was, and the screen after it as Ink gave it. */
export interface Step {
  readonly kind: Kind
  readonly frame: string
}

export interface RecordOptions {
  readonly columns: number
  readonly rows: number
  readonly colour: boolean
  readonly slow: boolean
}

/** Takes what Ink draws; in its debug mode each write is a whole frame. */
class Recorder extends EventEmitter {
  readonly isTTY = true
  readonly writable = true
  readonly columns: number
  readonly rows: number
  last = ''

  constructor(columns: number, rows: number) {
    super()
    this.columns = columns
    this.rows = rows
  }

  write(text: string, ...rest: unknown[]): boolean {
    // Ink leaves out blanks at the end of a line.
    const frame = unstamped(text).replace(/ +$/gm, '')
    if (frame.includes('vdd')) this.last = frame
    const written = rest.at(-1)
    if (typeof written === 'function') queueMicrotask(() => written())
    return true
  }
}

/** Machines that work; the others are paused, so that about five values change in a second. */
const busy = 2

/**
 * Plays the scenario on the demo fleet and keeps each frame: the first paint; 60 refreshes of a second, 10 moves of the selection and 3
 * switches of the screen; 10 new lines in the event log; a dialog opened and closed. The clock is a made-up one, so every run gives the same.
 */
export async function record({ columns, rows, colour, slow }: RecordOptions): Promise<Step[]> {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.UTC(2026, 0, 5, 8, 0, 0) })
  const { world, members } = demoFleet({})
  const running = [...world.hypervisors.machines.values()].filter(
    (machine) => machine.life.state === life.booted.state,
  )
  for (const machine of running.slice(busy)) machine.life = { ...life.paused }
  const fleet = new Fleet({
    cluster: label('demo'),
    demo: true,
    readOnly: false,
    interval: 1000,
    journal: new Journal(':memory:'),
    members,
  })
  const console = new Console(fleet, say`ada@console`)
  console.resize({ columns, rows })
  const recorder = new Recorder(columns, rows)
  const steps: Step[] = []
  fleet.start()
  await pass(5000)
  const ink = render(<App console={console} theme={themeFor({ colour, slow })} onError={fail} />, {
    stdout: recorder as unknown as NodeJS.WriteStream,
    stdin: new EventEmitter() as unknown as NodeJS.ReadStream,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  const keep = async (kind: Kind, milliseconds: number) => {
    await pass(milliseconds)
    steps.push({ kind, frame: recorder.last })
  }
  const press = async (kind: Kind, ...keys: string[]) => {
    for (const key of keys) console.press(key)
    await keep(kind, 0)
  }
  await keep('firstPaint', 0)
  await press('switch', '2')
  for (let i = 0; i < 60; i++) await keep('refresh', 1000)
  for (let i = 0; i < 10; i++) await press('move', 'down')
  console.press('m')
  await keep('dialog', 300)
  await press('dialog', 'escape')
  await press('switch', '4')
  for (let i = 0; i < 10; i++) {
    const [machine] = [...world.hypervisors.machines.values()].slice(i)
    fleet.journal.add({
      at: Date.now(),
      kind: 'seen',
      severity: 'info',
      host: machine?.host ?? 'hv1',
      ...(machine ? { name: label(machine.name) } : {}),
      text: say`running, was paused`,
    })
    await keep('scroll', 0)
  }
  await press('switch', '1')
  ink.unmount()
  const stopped = fleet.stop()
  world.stop()
  await pass(2000)
  await stopped
  mock.timers.reset()
  return steps
}

/** Lets the made-up time go on, and what is due happen. */
async function pass(milliseconds: number): Promise<void> {
  await settle()
  for (let left = milliseconds; left > 0; left -= 50) {
    mock.timers.tick(Math.min(50, left))
    await settle()
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 8; i++) await new Promise((resolve) => setImmediate(resolve))
}

function fail(error: unknown): void {
  throw error
}
