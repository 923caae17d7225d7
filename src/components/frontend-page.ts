import { type Share, shareOf } from '../fleet/balance.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import { type Snapshot, troubleText } from '../fleet/model.ts'
import type { RadiusRecord } from '../fleet/radius-servers.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { behindText, directoryNote, milliseconds } from './directory-facts.ts'
import { bytes, memory, percent } from './format.ts'
import {
  descriptorGauge,
  descriptorsText,
  directoryOf,
  dutyText,
  processesOf,
  radiusOf,
  weightText,
} from './frontend-facts.ts'
import type { Part } from './Line.tsx'
import { pad, wrap } from './text.ts'

const dash = '-' as Label

/** All that is known of a front end, line by line: what it does for each service, how it answers, and its processes. */
export function frontendLines(
  frontend: FrontendRecord,
  snapshot: Snapshot,
  now: number,
  width: number,
): Part[][] {
  const { name, address, services } = frontend
  const field = (title: string, text: Label | undefined) =>
    (text ? wrap(text, width - 12) : []).map((line, i): Part[] => [
      [label((i ? '' : title).padEnd(11)), 'heading'],
      say` ${line}`,
    ])
  const row = (...cells: readonly [Label, number][]) =>
    joined(
      cells.map(([text, width]) => pad(text, Math.abs(width), width < 0 ? 'right' : 'left')),
      ' ',
    )
  const state = dutyText(frontend)
  const head: Part[] = [
    [
      row(
        [say`SERVICE`, 21],
        [say`STATE`, 11],
        [say`WEIGHT`, -6],
        [say`ACTIVE`, -6],
        [say`SHARE`, -8],
        [say`INACT`, -5],
        [say`CONN/s`, -6],
        [say`BALANCER`, 8],
      ),
      'heading',
    ],
  ]
  const serviceRows = services.map((one): Part[] => [
    row(
      [label(one.virtual), 21],
      [label(one.duty), 11],
      [weightText(one), -6],
      [say`${one.active}`, -6],
      [shareText(shareOf(one, snapshot.balancers)), -8],
      [say`${one.inactive}`, -5],
      [one.rate ? say`${one.rate.connections}` : dash, -6],
      [label(one.balancer), 8],
    ),
  ])
  const processes = processesOf(frontend, snapshot)
  const processHead: Part[] = [
    [
      row(
        [say`PROCESS`, 10],
        [say`PID`, -7],
        [say`OWNER`, 9],
        [say`DESCRIPTORS`, -13],
        [say`OF LIMIT`, 12],
        [say`THREADS`, -7],
        [say`CPU`, -5],
        [say`MEMORY`, -6],
      ),
      'heading',
    ],
  ]
  const processRows = processes.map((one): Part[] => [
    row(
      [one.name, 10],
      [say`${one.pid}`, -7],
      [one.owner, 9],
      [descriptorsText(one), -13],
      [descriptorGauge(one), 12],
      [say`${one.threads ?? dash}`, -7],
      [percent(one.cpuPercent), -5],
      [one.memoryKiB === undefined ? dash : bytes(one.memoryKiB * 1024), -6],
    ),
  ])
  return [
    ...field('Name', name),
    ...field('Address', label(address)),
    ...field('State', typeof state === 'string' ? state : state[0]),
    ...field('Host', hostLine(frontend, snapshot)),
    ...field('LDAP', ldapLine(directoryOf(frontend, snapshot, now), now)),
    ...field('RADIUS', radiusLine(radiusOf(frontend, snapshot, now), now)),
    ...field('Logins', loginsLine(radiusOf(frontend, snapshot, now))),
    ...(serviceRows.length ? [[], head, ...serviceRows] : []),
    ...(processRows.length ? [[], processHead, ...processRows] : []),
  ]
}

/** `31%/40%`: what it carries of the service, and what it would by its weight. */
function shareText(share: Share | undefined): Label {
  return share ? say`${Math.round(share.actual * 100)}%/${Math.round(share.fair * 100)}%` : dash
}

/** How its machine is: `load 0.42, CPU 12%, memory 1.9G of 8.0G, network 12KB/s in, 40KB/s out`. */
function hostLine({ host }: FrontendRecord, { hosts }: Snapshot): Label | undefined {
  const record = hosts.find(({ name }) => name === host)
  if (!record) return undefined
  const { load, cpuPercent, memoryKiB, memoryFreeKiB, net, trouble } = record
  if (trouble) return trouble.reason
  const used = memoryKiB === undefined ? undefined : memoryKiB - (memoryFreeKiB ?? 0)
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
  return say`${time}, ${behindText(directory, now)} behind`
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
