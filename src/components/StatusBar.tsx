import type { ReactNode } from 'react'
import { isStale } from '../fleet/model.ts'
import type { Console } from '../hooks/console.ts'
import type { Label } from '../hosts/label.ts'
import { say } from '../hosts/label.ts'
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
  const left = say` vdd  ${fleet.cluster}${marks ? say`  ${marks}` : say``}  ${titles[console.page.screen]}`
  const right = say`${staleText(console, snapshot)}  ${clock(fleet.now())} `
  return <Line parts={[pad(left, Math.max(0, width - widthOf(right))), right]} width={width} kind="bar" />
}

const titles: Record<Console['page']['screen'], Label> = {
  overview: say`Overview`,
  machines: say`Machines`,
  events: say`Events`,
  help: say`Help`,
  machine: say`Machine`,
  event: say`Event`,
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
