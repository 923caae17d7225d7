import type { ReactNode } from 'react'
import { columnsOf, sparkline } from '../components/chart.ts'
import { behindText, directoryNote, milliseconds } from '../components/directory-facts.ts'
import { bytes, percent } from '../components/format.ts'
import {
  descriptorsText,
  directoryOf,
  dutyText,
  ldapText,
  processesOf,
  radiusOf,
  radiusText,
  sumOf,
  weightsText,
  weightText,
} from '../components/frontend-facts.ts'
import type { Part } from '../components/Line.tsx'
import { type Column, Table } from '../components/Table.tsx'
import { TextPage } from '../components/TextPage.tsx'
import { pad } from '../components/text.ts'
import type { Role } from '../components/theme.ts'
import { descriptorSeverity } from '../fleet/descriptor-alerts.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import { duration } from '../fleet/duration.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import { fullest, type History } from '../fleet/history.ts'
import type { HostRecord, ProcessRecord, Snapshot } from '../fleet/model.ts'
import type { RadiusRecord } from '../fleet/radius-servers.ts'
import { recently } from '../fleet/series.ts'
import type { Console } from '../hooks/console.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { ScreenProps } from './screen.ts'

/** The front ends behind the balancers, a row each. */
export function Frontends({ console, width, height }: ScreenProps): ReactNode {
  const { snapshot, fleet } = console
  const { selected, top } = console.tables.place('frontends')
  const isOld = ({ services }: FrontendRecord) =>
    services.some(({ balancer }) => {
      const record = snapshot.balancers.find(({ host }) => host === balancer)
      return record?.lvsTrouble || fleet.now() - (record?.lvs?.at ?? 0) > snapshot.staleAfter
    })
  return (
    <Table
      columns={columns(snapshot, fleet.history, fleet.now())}
      rows={console.frontendRows()}
      id={({ address }) => address}
      selected={selected}
      top={top}
      kind={(frontend) => (isOld(frontend) ? 'stale' : undefined)}
      width={width}
      height={height}
      empty={emptyText(console)}
    />
  )
}

function emptyText({ snapshot, tables }: Console): Label {
  const { filter, faultsOnly } = tables.of('frontends')
  if (filter) return say`no front end matches the filter; Esc takes it away`
  if (faultsOnly) return say`all are in service`
  if (!snapshot.balancers.length)
    return say`no host of the configuration is a balancer or a front end (docs/frontends.md)`
  if (snapshot.balancers.some(({ lvs, lvsTrouble }) => !lvs && !lvsTrouble)) return say`asking the balancers`
  return say`no virtual services on the balancers`
}

const dash = '-' as Label

/** The descriptors of the process that is nearest to its limit; all of them are on the page of the front end. */
function descriptorCell(processes: readonly ProcessRecord[]): Label | readonly [Label, Role] {
  const first = fullest(processes)
  if (!first) return dash
  const severity = descriptorSeverity(first)
  const text = descriptorsText(first)
  return severity ? [text, severity === 'bad' ? 'trouble' : 'warning'] : text
}

function columns(snapshot: Snapshot, history: History, now: number): readonly Column<FrontendRecord>[] {
  const host = (frontend: FrontendRecord) => snapshot.hosts.find(({ name }) => name === frontend.host)
  const ofHost = (of: (host: HostRecord) => Label) => (frontend: FrontendRecord) => {
    const record = host(frontend)
    return record && !record.trouble ? of(record) : dash
  }
  return [
    { id: 'name', title: say`NAME`, width: 10, grows: 30, givesWay: 0, cell: (f) => f.name },
    { id: 'state', title: say`STATE`, width: 12, grows: 14, givesWay: 0, cell: dutyText },
    { id: 'weight', title: say`PORT:WEIGHT`, width: 14, grows: 40, givesWay: 1, cell: weightsText },
    {
      id: 'active',
      title: say`ACTIVE`,
      width: 6,
      align: 'right',
      givesWay: 0,
      cell: (f) => say`${sumOf(f, ({ active }) => active)}`,
    },
    {
      id: 'ldap',
      title: say`LDAP`,
      width: 6,
      align: 'right',
      givesWay: 0,
      cell: (f) => ldapText(directoryOf(f, snapshot)),
    },
    {
      id: 'behind',
      title: say`LAG`,
      width: 4,
      align: 'right',
      givesWay: 1,
      cell: (f) => {
        const directory = directoryOf(f, snapshot)
        return directory ? behindText(directory, now) : dash
      },
    },
    {
      id: 'radius',
      title: say`RADIUS`,
      width: 6,
      align: 'right',
      givesWay: 0,
      cell: (f) => radiusText(radiusOf(f, snapshot)),
    },
    {
      id: 'inactive',
      title: say`INACT`,
      width: 5,
      align: 'right',
      givesWay: 2,
      cell: (f) => say`${sumOf(f, ({ inactive }) => inactive)}`,
    },
    {
      id: 'rate',
      title: say`CONN/s`,
      width: 6,
      align: 'right',
      givesWay: 3,
      cell: (f) =>
        f.services.some(({ rate }) => rate) ? say`${sumOf(f, ({ rate }) => rate?.connections ?? 0)}` : dash,
    },
    {
      id: 'descriptors',
      title: say`DESCRIPTORS`,
      width: 13,
      grows: 40,
      align: 'right',
      givesWay: 1,
      cell: (f) => descriptorCell(processesOf(f, snapshot)),
    },
    {
      id: 'load',
      title: say`LOAD`,
      width: 5,
      align: 'right',
      givesWay: 5,
      cell: ofHost((h) => (h.load === undefined ? dash : label(h.load.toFixed(2)))),
    },
    {
      id: 'cpu',
      title: say`CPU`,
      width: 5,
      align: 'right',
      givesWay: 4,
      cell: ofHost((h) => percent(h.cpuPercent)),
    },
    {
      id: 'in',
      title: say`BYTES in`,
      width: 8,
      align: 'right',
      givesWay: 6,
      cell: (f) =>
        f.services.some(({ rate }) => rate) ? bytes(sumOf(f, ({ rate }) => rate?.bytesIn ?? 0)) : dash,
    },
    {
      id: 'trend',
      title: say`10 MINUTES`,
      width: 20,
      givesWay: 8,
      cell: (f) =>
        sparkline(
          columnsOf(
            history.of('connections', f.address).since(now - recently),
            { from: now - recently, to: now },
            20,
          ),
        ),
    },
    {
      id: 'balancer',
      title: say`BALANCER`,
      width: 9,
      givesWay: 7,
      cell: (f) => label([...new Set(f.services.map(({ balancer }) => balancer))].join(',')),
    },
  ]
}

/** One front end: what it does for each service, and its processes. */
export function Frontend({ console, width, height }: ScreenProps): ReactNode {
  const { frontend, snapshot, fleet } = console
  const lines = frontend
    ? frontendLines(frontend, snapshot, fleet.now())
    : [[say`This front end is gone. Esc goes back.`]]
  return <TextPage console={console} lines={lines} width={width} height={height} />
}

function frontendLines(frontend: FrontendRecord, snapshot: Snapshot, now: number): Part[][] {
  const { name, address, services } = frontend
  const field = (title: string, text: Label): Part[] => [[label(title.padEnd(11)), 'heading'], say` ${text}`]
  const row = (...cells: readonly [Label, number][]) =>
    joined(
      cells.map(([text, width]) => pad(text, Math.abs(width), width < 0 ? 'right' : 'left')),
      ' ',
    )
  const answers = (title: string, text: Label | undefined) => (text ? [field(title, text)] : [])
  const state = dutyText(frontend)
  const head: Part[] = [
    [
      row(
        [say`SERVICE`, 24],
        [say`STATE`, 12],
        [say`WEIGHT`, -6],
        [say`ACTIVE`, -7],
        [say`INACTIVE`, -8],
        [say`CONN/s`, -6],
        [say`BALANCER`, 9],
      ),
      'heading',
    ],
  ]
  const serviceRows = services.map((one): Part[] => [
    row(
      [label(one.virtual), 24],
      [label(one.duty), 12],
      [weightText(one), -6],
      [say`${one.active}`, -7],
      [say`${one.inactive}`, -8],
      [one.rate ? say`${one.rate.connections}` : dash, -6],
      [label(one.balancer), 9],
    ),
  ])
  const processes = processesOf(frontend, snapshot)
  const processHead: Part[] = [
    [
      row(
        [say`PROCESS`, 12],
        [say`PID`, -7],
        [say`OWNER`, 12],
        [say`DESCRIPTORS`, -13],
        [say`THREADS`, -7],
        [say`MEMORY`, -7],
      ),
      'heading',
    ],
  ]
  const processRows = processes.map((one): Part[] => [
    row(
      [one.name, 12],
      [say`${one.pid}`, -7],
      [one.owner, 12],
      [descriptorsText(one), -13],
      [say`${one.threads ?? dash}`, -7],
      [one.memoryKiB === undefined ? dash : bytes(one.memoryKiB * 1024), -7],
    ),
  ])
  return [
    field('Name', name),
    field('Address', label(address)),
    field('State', typeof state === 'string' ? state : state[0]),
    ...answers('LDAP', ldapLine(directoryOf(frontend, snapshot), now)),
    ...answers('RADIUS', radiusLine(radiusOf(frontend, snapshot), now)),
    [],
    head,
    ...serviceRows,
    ...(processRows.length ? [[], processHead, ...processRows] : []),
  ]
}

/** How its slapd answers, in a line; the rest of it is on the page of the directory server. */
function ldapLine(directory: DirectoryRecord | undefined, now: number): Label | undefined {
  if (!directory) return undefined
  const note = directoryNote(directory, now)
  if (note) return note
  const check = directory.reading?.check
  const time = check?.ok ? say`answers in ${milliseconds(check.ms)}` : say`asking`
  return say`${time}, ${behindText(directory, now)} behind`
}

function radiusLine(radius: RadiusRecord | undefined, now: number): Label | undefined {
  if (!radius) return undefined
  const { trouble, reading, rates } = radius
  if (trouble) return say`${trouble.reason}, since ${duration(now - trouble.since)}`
  if (!reading) return say`asking`
  const { login, statistics, statisticsTrouble } = reading
  if (login?.ok === false) return login.why
  const answered = say`answers in ${milliseconds(reading.ms)}`
  const in_ = login ? say`, logs in in ${milliseconds(login.ms)}` : say``
  const perSecond = rates
    ? say`, ${label(rates.accepts.toFixed(1))} accepts/s, ${label(rates.rejects.toFixed(1))} rejects/s`
    : say``
  const since = statistics
    ? say` (since its start ${statistics.accepts} and ${statistics.rejects})`
    : statisticsTrouble
      ? say`, ${statisticsTrouble}`
      : say``
  return say`${answered}${in_}${perSecond}${since}`
}
