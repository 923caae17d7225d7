import type { ReactNode } from 'react'
import { isStale } from '../fleet/model.ts'
import type { Console, ScreenId } from '../hooks/console.ts'
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
  const marks = [fleet.demo ? 'DEMO' : '', fleet.readOnly ? 'READ-ONLY' : '']
    .filter(Boolean)
    .join(' ') as Label
  const left = say` vdd  ${fleet.cluster}${marks ? say`  ${marks}` : say``}`
  const right = say`${staleText(console, snapshot)}  ${clock(fleet.now())} `
  const room = width - widthOf(left) - widthOf(right)
  return (
    <Line
      parts={[left, pad(tabs(console.page.screen, room), Math.max(0, room)), right]}
      width={width}
      kind="bar"
    />
  )
}

/** The screens by their keys; the one that is shown stands in brackets. Where there is no room, only that one. */
function tabs(screen: ScreenId, room: number): Label {
  const all = [say`1 Overview`, say`2 Machines`, say`3 Events`]
  const at = { overview: 0, machines: 1, machine: 1, events: 2, event: 2, help: -1 }[screen]
  const shown = all.map((tab, i) => (i === at ? say`[${tab}]` : say` ${tab} `)).join('')
  return shown.length + 2 < room ? say`  ${label(shown)}` : say`  ${all[at] ?? say`Help`}`
}

function staleText(console: Console, snapshot: Console['snapshot']): Label {
  const now = console.fleet.now()
  const waiting = snapshot.hosts.filter((h) => !snapshot.seenAt.has(h.name) && !h.trouble).length
  const stale = snapshot.hosts.filter(
    (h) => (h.trouble || snapshot.seenAt.has(h.name)) && isStale(snapshot, h.name, now),
  )
  const names = new Set(stale.map((h) => h.name))
  const facts = stale.length + snapshot.machines.filter((m) => names.has(m.host)).length
  if (facts) return say`${facts} stale`
  return waiting ? say`asking ${waiting} ${waiting === 1 ? say`host` : say`hosts`}` : say`all fresh`
}
