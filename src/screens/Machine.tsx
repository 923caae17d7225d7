import { Box, Text } from 'ink'
import { Table as SmallTable } from 'ink-table'
import { type PropsWithChildren, type ReactNode, useContext } from 'react'
import { bytes, dateTime, memory, percent } from '../components/format.ts'
import { Line } from '../components/Line.tsx'
import { ThemeContext } from '../components/theme.ts'
import { duration } from '../fleet/alerts.ts'
import { stateText } from '../fleet/changes.ts'
import { ageOf, isStale, type MachineRecord } from '../fleet/model.ts'
import type { Console } from '../hooks/console.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { DomainXml } from '../services/libvirt/xml.ts'
import type { ScreenProps } from './screen.ts'

/** One machine: all that is known of it, or its XML. */
export function Machine({ console, width, height }: ScreenProps): ReactNode {
  const { machine, page } = console
  if (page.asXml) return <Definition console={console} width={width} height={height} />
  if (!machine) return <Gone width={width} height={height} />
  const { meaning } = page.definition ?? {}
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {facts(console, machine).map(([name, value]) => (
        <Line
          key={name}
          parts={[[say`  ${label(name.padEnd(11))}`, 'heading'], say` ${value}`]}
          width={width}
        />
      ))}
      {meaning && <Devices meaning={meaning} />}
    </Box>
  )
}

function Gone({ width, height }: { width: number; height: number }): ReactNode {
  return (
    <Box height={height}>
      <Line parts={['  This machine is gone. Esc goes back.' as Label]} width={width} />
    </Box>
  )
}

function facts(console: Console, m: MachineRecord): [string, Label][] {
  const { snapshot, fleet } = console
  const now = fleet.now()
  const age = ageOf(snapshot, m.host, now)
  const all: [string, Label | undefined][] = [
    ['Name', m.title ? say`${m.name}   ${m.title}` : m.name],
    ['UUID', label(m.uuid)],
    [
      'State',
      m.migration
        ? say`migrating to ${label(m.migration.to)}${m.migration.percent === undefined ? say`` : say`, ${m.migration.percent}%`}`
        : stateText(m),
    ],
    [
      'Host',
      m.alsoOn.length ? say`${label(m.host)}; also known on ${label(m.alsoOn.join(', '))}` : label(m.host),
    ],
    [
      'Seen',
      isStale(snapshot, m.host, now)
        ? say`STALE, ${age === undefined ? say`never` : say`${duration(age)} ago`}`
        : say`now`,
    ],
    [
      'Running',
      m.startedAt === undefined
        ? undefined
        : say`for ${duration(now - m.startedAt)} on this host, since ${dateTime(m.startedAt)}`,
    ],
    [
      'vCPUs',
      m.cpuPercent === undefined
        ? say`${m.vcpus ?? say`-`}`
        : say`${m.vcpus ?? say`-`}, ${percent(m.cpuPercent)} busy`,
    ],
    ['Memory', memoryText(m)],
    ['Transfer', transfer(m)],
    ['Display', m.graphics],
    ['Definition', definitionText(m)],
    [
      'Job',
      m.job && say`${m.job.operation}${m.job.percent === undefined ? say`` : say`, ${m.job.percent}%`}`,
    ],
  ]
  return all.filter((fact): fact is [string, Label] => fact[1] !== undefined)
}

function memoryText({ memoryKiB, memoryUsedKiB, memoryMaxKiB }: MachineRecord): Label {
  const most = memoryMaxKiB === memoryKiB ? say`` : say`, at most ${memory(memoryMaxKiB)}`
  return memoryUsedKiB === undefined
    ? say`${memory(memoryKiB)}${most}`
    : say`${memory(memoryUsedKiB)} used of ${memory(memoryKiB)}${most}`
}

function transfer({ disk, net }: MachineRecord): Label | undefined {
  const onDisk = disk && say`disks ${bytes(disk.in)}B/s read, ${bytes(disk.out)}B/s written`
  const onNet = net && say`network ${bytes(net.in)}B/s in, ${bytes(net.out)}B/s out`
  return onDisk && onNet ? say`${onDisk}; ${onNet}` : (onDisk ?? onNet)
}

function definitionText({ persistent, autostart }: MachineRecord): Label {
  const kept = persistent ? say`persistent` : say`transient: gone once it is off`
  return say`${kept}, ${autostart ? say`starts with its host` : say`no autostart`}`
}

/** Disks and network interfaces, small and bounded: at most a few rows of each. */
function Devices({ meaning }: { meaning: DomainXml }): ReactNode {
  const disks = meaning.disks
    .slice(0, 6)
    .map((d) => ({ disk: d.target, device: d.device, type: d.type, source: d.source || '-' }))
  const nics = meaning.nics.slice(0, 6).map((n) => ({ nic: n.mac, network: n.source, model: n.model }))
  const { unicode } = useContext(ThemeContext)
  const skeleton = unicode ? Border : AsciiBorder
  return (
    <Box flexDirection="column" marginLeft={1} flexShrink={0}>
      {disks.length > 0 && <SmallTable data={disks} header={Heading} skeleton={skeleton} />}
      {nics.length > 0 && <SmallTable data={nics} header={Heading} skeleton={skeleton} />}
    </Box>
  )
}

/** As the headings of the other tables; the table's own would be blue everywhere. */
function Heading({ children }: PropsWithChildren) {
  return <Text bold>{children}</Text>
}

function Border({ children }: PropsWithChildren) {
  return <Text>{children}</Text>
}

/** Borders as every terminal has them. */
function AsciiBorder({ children }: PropsWithChildren) {
  const ascii = String(children)
    .replace(/[\u2500\u2550]/g, '-')
    .replace(/[\u2502\u2551]/g, '|')
    .replace(/[\u2500-\u257f]/g, '+')
  return <Text>{ascii}</Text>
}

function Definition({ console, width, height }: ScreenProps): ReactNode {
  const lines = console.page.definition?.text ?? [say`reading the definition`]
  const top = console.clampTop(lines.length)
  return (
    <Box flexDirection="column" height={height}>
      {lines.slice(top, top + height).map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
        <Line key={i} parts={[say`  ${text}`]} width={width} />
      ))}
    </Box>
  )
}
