import type { ReactNode } from 'react'
import type { Console } from '../console/console.ts'
import { notNow } from '../console/not-now.ts'
import type { ScreenId } from '../console/pages.ts'
import { pageKind } from '../console/selection.ts'
import { isTable, kindIn } from '../console/table-kinds.ts'
import { isAsking, pollsOf } from '../fleet/polls.ts'
import { conditionOf, type Snapshot } from '../fleet/snapshot.ts'
import { wallTime } from '../hosts/clock.ts'
import type { Label } from '../hosts/label.ts'
import { label, say } from '../hosts/label.ts'
import { pad, width as widthOf } from '../text/fit.ts'
import { clock } from '../text/format.ts'
import type { Part } from '../text/part.ts'
import { groups } from '../views/groups.ts'
import { viewOf } from '../views/kinds.ts'
import { Line } from './Line.tsx'

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
  const past = notNow(console)
  const time = !past && console.showsClock ? say`  ${clock(wallTime(fleet.now()))}` : say``
  const right = say`${staleText(console, snapshot)}${time} `
  const then: readonly Part[] = past ? [[say` ${past} `, 'past']] : []
  const room = width - widthOf(left) - widthOf(right) - (past ? widthOf(past) + 2 : 0)
  return (
    <Line
      parts={[left, pad(tabs(console.page.screen, room), Math.max(0, room)), right, ...then]}
      width={width}
      kind="bar"
    />
  )
}

/** What the top row names, in the order of the digits that lead there. */
const places = [{ id: 'overview', title: say`Overview`, short: say`Over` }, ...groups]

/** The parts of the cluster by their keys; the one that is shown stands in brackets with the name of its list, and keeps it for the longest. */
function tabs(screen: ScreenId, room: number): Label {
  const kind = (isTable(screen) ? kindIn(screen) : undefined) ?? pageKind(screen)
  const group = screen === 'overview' ? screen : kind && viewOf(kind).group
  const list = kind && screen !== 'charts' ? viewOf(kind).title : undefined
  const shown = (nameOf: (one: (typeof places)[number]) => string) =>
    places
      .map((one, i) => (one.id === group ? `[${i + 1} ${list ?? one.title}]` : ` ${i + 1}${nameOf(one)} `))
      .join('')
      .replaceAll('  ', ' ')
  const whole = shown(({ title }) => ` ${title}`)
  const short = shown(({ short }) => ` ${short}`)
  const fitting = [whole, short].find((text) => text.length + 2 <= room)
  return label(fitting ? ` ${fitting}` : ` ${shown(() => '')}`)
}

/** How many facts are old, or who has not answered yet. What a host serves may be silent although the host answers. */
export function staleText({ now }: Console, snapshot: Snapshot): Label {
  const hosts = Map.groupBy(snapshot.hosts, (host) => conditionOf(snapshot, host, now))
  const silent = (['stale', 'unknown', 'down'] as const).flatMap((condition) => hosts.get(condition) ?? [])
  const old = new Set(silent.map(({ name }) => name))
  const machines = snapshot.machines.filter((m) => old.has(m.host)).length
  const served = pollsOf(snapshot).filter(({ isSeldom }) => !isSeldom)
  const facts = old.size + machines + served.filter(({ trouble }) => trouble).length
  const asking = new Set([
    ...(hosts.get('asking') ?? []).map(({ name }) => name),
    ...served.filter(isAsking).map(({ host }) => host),
  ]).size
  if (facts) return say`${facts} stale`
  return asking ? say`asking ${asking} ${asking === 1 ? say`host` : say`hosts`}` : say`all fresh`
}
