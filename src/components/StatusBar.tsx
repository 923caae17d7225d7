import type { ReactNode } from 'react'
import { conditionOf, type Snapshot } from '../fleet/model.ts'
import type { Console } from '../hooks/console.ts'
import type { ScreenId } from '../hooks/pages.ts'
import type { Label } from '../hosts/label.ts'
import { label, say } from '../hosts/label.ts'
import { clock } from './format.ts'
import { Line } from './Line.tsx'
import { pad, width as widthOf } from './text.ts'

/** Which cluster, DEMO or not, read-only or not, what is stale, the time. It stands on top of every screen and never lies. */
export function StatusBar({
  console,
  width,
}: {
  readonly console: Console
  readonly width: number
}): ReactNode {
  const { fleet, snapshot } = console
  // The demo is called so whatever its name: nobody shall take it for a cluster.
  const left = say` vdd  ${fleet.demo ? say`DEMO` : fleet.cluster}${fleet.readOnly ? say` READ-ONLY` : say``}`
  const time = console.showsClock ? say`  ${clock(fleet.now())}` : say``
  const right = say`${staleText(console, snapshot)}${time} `
  const room = width - widthOf(left) - widthOf(right)
  return (
    <Line
      parts={[left, pad(tabs(console.page.screen, room), Math.max(0, room)), right]}
      width={width}
      kind="bar"
    />
  )
}

/** The screens by their keys; the one that is shown stands in brackets. Where there is no room, the others are only their keys. */
function tabs(screen: ScreenId, room: number): Label {
  const names = ['Overview', 'Machines', 'Front ends', 'Events']
  const at = {
    overview: 0,
    machines: 1,
    machine: 1,
    frontends: 2,
    frontend: 2,
    events: 3,
    event: 3,
    help: -1,
  }[screen]
  const shown = (others: (name: string) => string) =>
    names.map((name, i) => (i === at ? `[${i + 1} ${name}]` : ` ${i + 1}${others(name)} `)).join('')
  const whole = shown((name) => ` ${name}`)
  return whole.length + 2 <= room ? label(` ${whole}`) : label(`  ${shown(() => '')}`)
}

/** How many facts are old, or who has not answered yet. */
export function staleText({ fleet }: Console, snapshot: Snapshot): Label {
  const hosts = Map.groupBy(snapshot.hosts, (host) => conditionOf(snapshot, host, fleet.now()))
  const old = new Set([...(hosts.get('stale') ?? []), ...(hosts.get('down') ?? [])].map(({ name }) => name))
  const facts = old.size + snapshot.machines.filter((m) => old.has(m.host)).length
  const asking = hosts.get('asking')?.length ?? 0
  if (facts) return say`${facts} stale`
  return asking ? say`asking ${asking} ${asking === 1 ? say`host` : say`hosts`}` : say`all fresh`
}
