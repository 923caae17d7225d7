import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import { directoryOf, processesOf, radiusOf, rateOf, sumOf } from '../../fleet/frontend/parts.ts'
import { type Courses, fullest } from '../../fleet/history/history.ts'
import { recently } from '../../fleet/history/series.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import { recordOf } from '../../fleet/kinds.ts'
import type { ProcessRecord } from '../../fleet/process/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { descriptorSeverity } from '../../fleet/supply/runs-out.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { columnsOf, sparkline } from '../../text/chart.ts'
import { bytes, percent } from '../../text/format.ts'
import type { Tone } from '../../text/part.ts'
import { dash } from '../../text/part.ts'
import type { Column } from '../column.ts'
import { behindText } from '../directory/facts.ts'
import { descriptorGauge, descriptorsText, dutyText, ldapText, radiusText, weightsText } from './facts.ts'

/** The descriptors of the process that is nearest to its limit; all of them are on the page of the front end. */
function descriptorCell(processes: readonly ProcessRecord[]): Label | readonly [Label, Tone] {
  const first = fullest(processes)
  if (!first) return dash
  const severity = descriptorSeverity(first)
  const text = descriptorsText(first)
  return severity ? [text, severity === 'bad' ? 'trouble' : 'warning'] : text
}

/** The columns of the Front ends screen, as those of Machines. */
export function frontendColumns(
  snapshot: Snapshot,
  history: Courses,
  now: number,
): readonly Column<FrontendRecord>[] {
  const host = (frontend: FrontendRecord) => recordOf('host', frontend.host ?? '', snapshot)
  const ofHost = (of: (host: HostRecord) => Label) => (frontend: FrontendRecord) => {
    const record = host(frontend)
    return record && !record.trouble ? of(record) : dash
  }
  return [
    { id: 'name', title: say`NAME`, width: 10, grows: 16, givesWay: 0, cell: (f) => f.name },
    {
      id: 'role',
      title: say`ROLE`,
      width: 9,
      givesWay: 9,
      cell: (f) => label(host(f)?.roles.join(',') ?? '-'),
    },
    {
      id: 'state',
      title: say`STATE`,
      width: 12,
      grows: 14,
      givesWay: 0,
      cell: (f) => dutyText(f, snapshot, now),
    },
    { id: 'weight', title: say`PORT:WEIGHT`, width: 14, grows: 40, givesWay: 1, cell: weightsText },
    {
      id: 'active',
      title: say`ACTIVE`,
      width: 6,
      align: 'right',
      givesWay: 0,
      cell: (f) => (f.services.length ? say`${sumOf(f, ({ active }) => active)}` : dash),
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
      id: 'lag',
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
      cell: (f) => (f.services.length ? say`${sumOf(f, ({ inactive }) => inactive)}` : dash),
    },
    {
      id: 'rate',
      title: say`CONN/s`,
      width: 6,
      align: 'right',
      givesWay: 3,
      cell: (f) => say`${rateOf(f, ({ connections }) => connections) ?? dash}`,
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
      id: 'full',
      title: say`OF LIMIT`,
      width: 12,
      givesWay: 3,
      cell: (f) => descriptorGauge(fullest(processesOf(f, snapshot))),
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
      cell: (f) => {
        const rate = rateOf(f, ({ bytesIn }) => bytesIn)
        return rate === undefined ? dash : bytes(rate)
      },
    },
    {
      id: 'trend',
      title: say`LAST 10 MINUTES`,
      width: 20,
      givesWay: 8,
      onScreen: true,
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
