import { type LoadShare, loadShareOf } from '../../fleet/balancer/balance.ts'
import type { DirectoryRecord } from '../../fleet/directory/record.ts'
import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import { directoryOf, processesOf, radiusOf } from '../../fleet/frontend/parts.ts'
import type { ProcessRecord } from '../../fleet/process/record.ts'
import type { RadiusRecord } from '../../fleet/radius/radius-servers.ts'
import { amissTexts } from '../../fleet/service/virtual-services.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { troubleText } from '../../fleet/trouble.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { bytes, memory, percent } from '../../text/format.ts'
import { edge, fieldLines, type PageColumn, tableLines } from '../../text/page.ts'
import type { Part } from '../../text/part.ts'
import { dash, textOf } from '../../text/part.ts'
import { behindPhrase, directoryNote, milliseconds } from '../directory/facts.ts'
import { descriptorGauge, descriptorsText, dutyText, unseenNote, weightText } from './facts.ts'

/** All that is known of a front end, line by line: what it does for each service, how it answers, and its processes. */
export function frontendLines(
  frontend: FrontendRecord,
  snapshot: Snapshot,
  now: number,
  width: number,
): Part[][] {
  const { name, address, services } = frontend
  const state = dutyText(frontend, snapshot, now)
  const radius = radiusOf(frontend, snapshot)
  return [
    ...fieldLines(
      [
        ['Name', name],
        ['Address', label(address)],
        ['State', textOf(state)],
        ...amissTexts(services, snapshot).map((text) => ['', text] as const),
        ['', unseenNote(services, snapshot)],
        ['Host', hostLine(frontend, snapshot)],
        ['LDAP', ldapLine(directoryOf(frontend, snapshot), now)],
        ['RADIUS', radiusLine(radius, now)],
        ['Logins', loginsLine(radius)],
      ],
      width,
    ),
    ...tableLines(
      serviceColumns,
      services.map((one) => serviceRow(one, snapshot)),
      width + edge,
    ),
    ...tableLines(processColumns, processesOf(frontend, snapshot).map(processRow), width + edge),
  ]
}

const right = { align: 'right' } as const

const serviceColumns: readonly PageColumn[] = [
  { title: say`SERVICE`, width: 21 },
  { title: say`STATE`, width: 11 },
  { title: say`WEIGHT`, width: 6, ...right },
  { title: say`ACTIVE`, width: 6, ...right },
  { title: say`SHARE`, width: 8, ...right, givesWay: 1 },
  { title: say`INACT`, width: 5, ...right, givesWay: 2 },
  { title: say`CONN/s`, width: 6, ...right, givesWay: 3 },
  { title: say`BALANCER`, width: 8, givesWay: 4 },
]

function serviceRow(one: FrontendService, { balancers }: Snapshot): Label[] {
  return [
    label(one.virtual),
    label(one.duty),
    weightText(one),
    say`${one.active}`,
    shareText(loadShareOf(one, balancers)),
    say`${one.inactive}`,
    one.rate ? say`${one.rate.connections}` : dash,
    label(one.balancer),
  ]
}

const processColumns: readonly PageColumn[] = [
  { title: say`PROCESS`, width: 10 },
  { title: say`PID`, width: 7, ...right },
  { title: say`OWNER`, width: 9 },
  { title: say`DESCRIPTORS`, width: 13, ...right },
  { title: say`OF LIMIT`, width: 12, givesWay: 3 },
  { title: say`THREADS`, width: 7, ...right, givesWay: 4 },
  { title: say`CPU`, width: 5, ...right, givesWay: 2 },
  { title: say`MEMORY`, width: 6, ...right, givesWay: 1 },
]

function processRow(one: ProcessRecord): Label[] {
  return [
    one.name,
    say`${one.pid}`,
    one.owner,
    descriptorsText(one),
    descriptorGauge(one),
    say`${one.threads ?? dash}`,
    percent(one.cpuPercent),
    one.memoryKiB === undefined ? dash : bytes(one.memoryKiB * 1024),
  ]
}

/** `31%/40%`: what it carries of the service, and what it would by its weight. */
function shareText(share: LoadShare | undefined): Label {
  return share ? say`${Math.round(share.actual * 100)}%/${Math.round(share.fair * 100)}%` : dash
}

/** How its machine is: `load 0.42, CPU 12%, memory 1.9G of 8.0G, network 12KB/s in, 40KB/s out`. */
function hostLine({ host }: FrontendRecord, { hosts }: Snapshot): Label | undefined {
  const record = hosts.find(({ name }) => name === host)
  if (!record) return undefined
  const { load, cpuPercent, memoryKiB, memoryFreeKiB, net, trouble } = record
  if (trouble) return trouble.reason
  const used = memoryKiB === undefined || memoryFreeKiB === undefined ? undefined : memoryKiB - memoryFreeKiB
  const parts = [
    load !== undefined && say`load ${label(load.toFixed(2))}`,
    cpuPercent !== undefined && say`CPU ${percent(cpuPercent)}`,
    used !== undefined && say`memory ${memory(used)} of ${memory(memoryKiB)}`,
    net && say`network ${bytes(net.in)}B/s in, ${bytes(net.out)}B/s out`,
  ]
  return joined(
    parts.filter((part): part is Label => !!part),
    ', ',
  )
}

/** How its slapd answers, in a line; the rest of it is on the page of the directory server. */
function ldapLine(directory: DirectoryRecord | undefined, now: number): Label | undefined {
  if (!directory) return undefined
  const note = directoryNote(directory, now)
  if (note) return note
  const check = directory.reading?.check
  const time = check?.ok ? say`answers in ${milliseconds(check.ms)}` : say`asking`
  const behind = behindPhrase(directory, now)
  return behind ? say`${time}, ${behind}` : time
}

function radiusLine(radius: RadiusRecord | undefined, now: number): Label | undefined {
  if (!radius) return undefined
  const { trouble, reading } = radius
  if (trouble) return troubleText(trouble, reading !== undefined, now)
  if (!reading) return say`asking`
  const { login, ms } = reading
  if (login?.ok === false) return login.why
  const entry = login ? say`, a login takes ${milliseconds(login.ms)}` : say``
  return say`answers in ${milliseconds(ms)}${entry}`
}

/** Logins since the start of the server, and a second now. */
function loginsLine(radius: RadiusRecord | undefined): Label | undefined {
  const { reading, rates } = radius ?? {}
  if (!reading?.statistics) return reading?.statisticsTrouble
  const { accepts, rejects } = reading.statistics
  const each = (n: number | undefined) => label((n ?? 0).toFixed(1))
  return say`${accepts} accepted (${each(rates?.accepts)}/s), ${rejects} rejected (${each(rates?.rejects)}/s) since its start`
}
