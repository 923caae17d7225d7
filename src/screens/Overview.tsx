import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Line } from '../components/Line.tsx'
import { Table } from '../components/Table.tsx'
import type { Console } from '../console/console.ts'
import type { OverviewRow } from '../console/overview.ts'
import { windowTop } from '../console/table-state.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { isAsking, pollsOf } from '../fleet/polls.ts'
import { conditionOf, isStale } from '../fleet/snapshot.ts'
import { wallTime } from '../hosts/clock.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { pad, width as widthOf, wrap } from '../text/fit.ts'
import { dateTime, timeOrDay } from '../text/format.ts'
import type { Part } from '../text/part.ts'
import type { Column } from '../views/column.ts'
import { eventParts } from '../views/event/line.ts'
import { hostView } from '../views/host/view.ts'
import { machineView } from '../views/machine/view.ts'
import { nothingText } from '../views/nothing.ts'
import { hypervisors, unknownText } from '../views/source.ts'
import { everything } from '../views/world.ts'
import type { ScreenProps } from './screen.ts'

/** What is wrong first, then the hosts, how many machines do what, and the latest events. */
export function Overview({ console, width, height }: ScreenProps): ReactNode {
  const rows = console.overviewRows()
  const alerts = rows.filter((row) => row.kind === 'alert')
  const hosts = rows.filter((row) => row.kind === 'host')
  const { selected } = console.tables.place('overview')
  const names = nameWidth(alerts, width)
  const lines = alerts.reduce((sum, row, i) => sum + alertLines(row, i === selected, width, names).length, 0)
  const room = roomFor(height, lines, hosts.length)
  // Where only one line is left for the events, it is theirs.
  const hint = room.events > 1 ? connectHint(console, width) : undefined
  return (
    <Box flexDirection="column" height={height}>
      <Line parts={alertHeading(alerts, console)} width={width} />
      <Alerts rows={alerts} selected={selected} width={width} height={room.alerts} names={names} />
      <Line parts={[]} width={width} />
      <Table
        columns={shownHostColumns(console, room.hosts - 1)}
        rows={hosts.map((row) => row.host)}
        id={(host) => host.name}
        selected={selected - alerts.length}
        top={0}
        width={width}
        height={room.hosts}
        empty={say`no host in the configuration`}
        kind={(host) => (isStale(console.snapshot, host.name, console.now) ? 'stale' : undefined)}
      />
      <Line parts={[]} width={width} />
      <Line parts={counts(console)} width={width} />
      <Line parts={[]} width={width} />
      <Line parts={[['  LATEST EVENTS' as Label, 'heading']]} width={width} />
      <Latest console={console} width={width} height={room.events - (hint ? 1 : 0)} />
      <Box flexGrow={1} />
      {hint && <Line parts={[hint]} width={width} />}
    </Box>
  )
}

/** Lines for each part: what is wrong gets the most, but hosts and events never vanish wholly. */
function roomFor(
  height: number,
  alerts: number,
  hosts: number,
): { alerts: number; hosts: number; events: number } {
  const free = Math.max(3, height - 6)
  const forEvents = Math.min(4, Math.floor(free / 4))
  const leastHosts = Math.min(hosts + 1, 4)
  const forAlerts = Math.min(alerts, Math.max(2, free - leastHosts - forEvents))
  const forHosts = Math.max(2, Math.min(hosts + 1, free - forAlerts - forEvents))
  return { alerts: forAlerts, hosts: forHosts, events: Math.max(0, free - forHosts - forAlerts) }
}

function alertHeading(
  rows: readonly (OverviewRow & { kind: 'alert' })[],
  { snapshot, now }: Console,
): Part[] {
  const count = rows.filter(({ alert }) => !alert.acknowledged).length
  const rest = rows.length - count
  const seen = rest ? say`  ${rest} acknowledged` : say``
  const asking =
    snapshot.hosts.some((h) => conditionOf(snapshot, h, now) === 'asking') ||
    pollsOf(snapshot).some((one) => !one.isSeldom && isAsking(one))
  if (count) return [[say`  NEEDS ATTENTION (${count})`, 'trouble'], seen]
  if (rest) return [[say`  Nothing new.`, 'warning'], seen]
  return [asking ? say`  asking the hosts` : ['  Nothing is wrong.' as Label, 'good']]
}

/** One line each; the selected one in as many as it needs, with what to do. */
function Alerts({
  rows,
  selected,
  width,
  height,
  names,
}: {
  rows: readonly OverviewRow[]
  selected: number
  width: number
  height: number
  names: number
}) {
  const lines = rows.flatMap((row, i) =>
    row.kind === 'alert' ? alertLines(row, i === selected, width, names) : [],
  )
  const at = Math.max(
    0,
    lines.findIndex((line) => line.own),
  )
  const last = lines.findLastIndex((line) => line.own)
  const top = Math.min(at, windowTop(0, Math.max(0, last), height, lines.length))
  return lines
    .slice(top, top + height)
    .map(({ key, parts, on }) => (
      <Line key={key} parts={parts} width={width} {...(on ? { kind: 'selected' as const } : {})} />
    ))
}

/** Columns for the names: as many as the longest takes (the port of a service stands at its end), but not all. */
function nameWidth(rows: readonly (OverviewRow & { kind: 'alert' })[], width: number): number {
  const longest = Math.max(...rows.map(({ alert }) => widthOf(alert.name)), 0)
  return Math.min(Math.max(8, longest), Math.floor(width / 3))
}

function alertLines(
  { id, alert }: OverviewRow & { kind: 'alert' },
  on: boolean,
  width: number,
  names: number,
): AlertLine[] {
  const { acknowledged } = alert
  const mark = acknowledged ? say`a ` : alert.severity === 'bad' ? say`! ` : say`  `
  const head: Part[] = [on ? [say`>`, 'pointer'] : say` `, say` `, mark, pad(alert.name, names), say` `]
  const begin = names + 5
  if (!on) return [{ key: id, on, own: false, parts: [...head, alert.text] }]
  const by = acknowledged
    ? say`; acknowledged by ${acknowledged.who}${acknowledged.note ? say`: ${acknowledged.note}` : say``}`
    : say``
  const [first = say``, ...rest] = wrap(alert.text, Math.max(1, width - begin))
  const more = [
    ...rest.map((text) => say`${label(' '.repeat(begin))}${text}`),
    ...[
      ...(alert.advice ? [say`Next: ${alert.advice}`] : []),
      say`${alert.orEarlier ? say`Since before` : say`Since`} ${dateTime(wallTime(alert.since))}${by}${alert.hit ? say`. Hit: ${alert.hit}` : say``}`,
    ]
      .flatMap((text) => wrap(text, width - 6))
      .map((text) => say`      ${text}`),
  ]
  return [
    { key: id, on, own: true, parts: [...head, first] },
    ...more.map((text, i) => ({ key: `${id} ${i}`, on: i < rest.length, own: true, parts: [text] })),
  ]
}

interface AlertLine {
  readonly key: string
  /** it is drawn as selected */
  readonly on: boolean
  /** it is of the selected alert */
  readonly own: boolean
  readonly parts: Part[]
}

/** The columns of hosts; where not all have room, how many more there are stands in the first. */
function shownHostColumns({ world }: Console, shown: number): readonly Column<HostRecord>[] {
  const [first, ...rest] = hostView.columns(world)
  const { length } = world.snapshot.hosts
  return first && shown < length
    ? [{ ...first, title: say`HOST +${length - shown}` }, ...rest]
    : hostView.columns(world)
}

/** How many machines do what; those on hosts that do not answer are counted by what is known of them, and that is said, or that nothing is. */
function counts({ snapshot, now }: Console): Part[] {
  const title: Part = ['  MACHINES' as Label, 'heading']
  if (!snapshot.machines.length) return [title, say`  ${nothingText(machineView, everything, { snapshot })}`]
  const of = new Map<string, number>()
  for (const { state } of snapshot.machines) of.set(state, (of.get(state) ?? 0) + 1)
  const order = ['crashed', 'migrating', 'paused', 'running', 'idle', 'shut off']
  const rank = (state: string) => (order.includes(state) ? order.indexOf(state) : order.length)
  const states = [...of].sort(([a], [b]) => rank(a) - rank(b)).map(([state, n]) => `${n} ${state}`)
  const old = snapshot.machines.filter((m) => isStale(snapshot, m.host, now)).length
  const unread = unknownText(hypervisors.tellers(snapshot).filter(({ isAnswered }) => !isAnswered))
  const doubt: Part[] = [
    ...(old ? [[say`; ${old} of them as last seen`, 'trouble'] as const] : []),
    ...(unread ? [[say`; ${unread}`, 'trouble'] as const] : []),
  ]
  return [title, label(`  ${snapshot.machines.length}: ${states.join(', ')}`), ...doubt]
}

function Latest({ console, width, height }: ScreenProps): ReactNode {
  const entries = console.entries.slice(0, Math.max(0, height))
  if (!entries.length && height > 0)
    return <Line parts={['  nothing has happened yet' as Label]} width={width} />
  const today = wallTime(console.now)
  return entries.map((entry) => (
    <Line
      key={entry.id}
      parts={['  ' as Label, ...eventParts(entry, { whenOf: (at) => timeOrDay(at, today) })]}
      width={width}
    />
  ))
}

/** The longest that fits. */
function connectHint({ fleet }: Console, columns: number): Label | undefined {
  if (!fleet.demo) return undefined
  const hints = [
    say`  These machines are made up. To connect real hosts: vdd config example, README`,
    say`  These machines are made up; real ones: vdd config example`,
    say`  made up; vdd config example`,
  ]
  return hints.find((hint) => widthOf(hint) <= columns) ?? hints.at(-1)
}
