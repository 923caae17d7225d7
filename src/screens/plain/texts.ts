import { planLines } from '../../actions/listing.ts'
import { staleText } from '../../components/StatusBar.tsx'
import { askedOf, leftOutTexts } from '../../console/ask.ts'
import type { Console } from '../../console/console.ts'
import type { AskLayer, ConfirmLayer, Layer, OutcomeLayer } from '../../console/layers.ts'
import type { DirectoryRecord } from '../../fleet/directories.ts'
import { sumOf } from '../../fleet/frontend-parts.ts'
import type { FrontendRecord } from '../../fleet/frontends.ts'
import type { Entry } from '../../fleet/journal.ts'
import { stateText } from '../../fleet/machine-conditions.ts'
import { ageOf, conditionOf, type HostRecord, isStale, type MachineRecord } from '../../fleet/model.ts'
import type { ServiceRecord } from '../../fleet/virtual-services.ts'
import { wallTime } from '../../hosts/clock.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { clock, memory, percent } from '../../text/format.ts'
import { textOf } from '../../text/part.ts'
import { answerText, behindText, directoryNote, directoryState } from '../../views/directory/facts.ts'
import { dutyText, frontendNote, unseenText, weightsText } from '../../views/frontend/facts.ts'

/** What is said of things where lines are read one after the other: whole words, and what matters first. */

const some = (parts: readonly (Label | undefined | false)[]) =>
  joined(
    parts.filter((part): part is Label => !!part),
    ', ',
  )

export function statusText(console: Console): Label {
  const { fleet, snapshot } = console
  return some([
    say`cluster ${fleet.cluster}`,
    fleet.demo && say`DEMO`,
    fleet.readOnly && say`read-only`,
    staleText(console, snapshot),
    say`${snapshot.hosts.length} hosts`,
    say`${snapshot.machines.length} machines`,
    clock(wallTime(fleet.now())),
  ])
}

/** `windows-01, running on hv1, CPU 3.2%, memory 1.6G of 4.0G, for 11 d 3 h` */
export function machineText(machine: MachineRecord, { snapshot, fleet }: Console): Label {
  const { name, host, migration, cpuPercent, memoryUsedKiB, memoryKiB, startedAt } = machine
  const now = fleet.now()
  const age = ageOf(snapshot, host, now)
  const where = migration
    ? say`migrating from ${label(host)} to ${label(migration.to)}`
    : say`${stateText(machine)} on ${label(host)}`
  return some([
    name,
    isStale(snapshot, host, now) && say`STALE: as it was ${duration(age ?? 0)} ago`,
    where,
    cpuPercent !== undefined && say`CPU ${percent(cpuPercent)}`,
    memoryUsedKiB === undefined
      ? say`memory ${memory(memoryKiB)}`
      : say`memory ${memory(memoryUsedKiB)} of ${memory(memoryKiB)}`,
    startedAt !== undefined && say`for ${duration(now - startedAt)}`,
  ])
}

export function hostText(host: HostRecord, { snapshot, fleet }: Console): Label {
  const now = fleet.now()
  const age = ageOf(snapshot, host.name, now)
  const { cpuPercent, memoryKiB, memoryFreeKiB } = host
  return some([
    label(host.name),
    label(conditionOf(snapshot, host, now)),
    isStale(snapshot, host.name, now) &&
      (age === undefined ? say`never seen` : say`last seen ${duration(age)} ago`),
    host.trouble?.reason,
    cpuPercent !== undefined && say`CPU ${percent(cpuPercent)}`,
    memoryKiB !== undefined &&
      memoryFreeKiB !== undefined &&
      say`memory ${memory(memoryKiB - memoryFreeKiB)} of ${memory(memoryKiB)}`,
    host.roles.includes('hypervisor') &&
      (host.running === undefined || host.machines === undefined
        ? say`machines not known`
        : say`${host.running} of ${host.machines} machines running`),
  ])
}

/** `fe1, in service, 31 active connections, port:weight 389:4 1812:4` */
export function frontendText(frontend: FrontendRecord, { snapshot, fleet }: Console): Label {
  const state = dutyText(frontend, snapshot, fleet.now())
  return some([
    frontend.name,
    textOf(state),
    say`${sumOf(frontend, ({ active }) => active)} active connections`,
    say`port:weight ${weightsText(frontend)}`,
    frontendNote(frontend, snapshot, fleet.now()),
  ])
}

/** `fe2, consumer, behind, 12s behind, answers in 1.2ms` */
export function directoryText(record: DirectoryRecord, now: number): Label {
  const state = directoryState(record)
  const note = directoryNote(record, now)
  return some([
    label(record.host),
    label(record.role),
    textOf(state),
    record.reading && !record.trouble && say`${behindText(record, now)} behind`,
    record.reading?.check.ok && !record.trouble && say`answers in ${answerText(record)}`,
    note && note,
  ])
}

/** `14:20:11 FAULT hv1 exam-01: crashed` */
export function eventText(entry: Entry): Label {
  const mark = entry.severity === 'bad' ? say`FAULT ` : say``
  const what = entry.name ? say`${entry.name}: ${entry.text}` : entry.text
  const by = entry.who ? say`, by ${entry.who}` : say``
  return say`${clock(entry.at)} ${mark}${entry.host} ${what}${by}`
}

/** What a dialog asks, and which answers it takes; `proposed` is what an empty line stands for. */
export function layerTexts(layer: Layer, proposed: string): Label[] {
  switch (layer.kind) {
    case 'ask':
      return askTexts(layer, proposed)
    case 'confirm':
      return confirmTexts(layer)
    case 'outcome':
      return outcomeTexts(layer)
    case 'leave':
      return [
        say`Something is still under way. It is given up: a migration ends where it was, and commands that have not run yet do not.`,
        say`Quit? Type yes or no.`,
      ]
    default:
      return []
  }
}

/** A question was answered before this: the word `back` leads there. */
export function canGoBack(layer: Layer): layer is AskLayer | ConfirmLayer {
  return (layer.kind === 'ask' || layer.kind === 'confirm') && layer.undertaking.asked.length > 0
}

/** Somebody has come back to this question: an empty line leaves its answer as it was. */
export function answeredBefore({ undertaking, question }: AskLayer): boolean {
  return undertaking.typed[question.id] !== undefined
}

function askTexts(layer: AskLayer, proposed: string): Label[] {
  const { undertaking, question, choices, at, wrong } = layer
  const { action, targets } = undertaking
  const whose = targets.length > 1 ? say` ${askedOf(undertaking)}` : say``
  const title = say`${label(action.title)}${whose}: ${question.text}`
  const refused = [...(wrong ? [wrong] : []), ...leftOutTexts(undertaking)]
  const back = canGoBack(layer) ? say`"back" asks the question before; ` : say``
  if (!choices)
    return [
      ...refused,
      title,
      say`Type it; an empty line takes ${label(proposed || 'nothing')}; ${back}"cancel" gives up.`,
    ]
  const listed = choices.map(
    ({ title, note, disabled }, i) =>
      say`${i + 1} ${title}${disabled ? say`, not possible: ${disabled}` : note ? say`, ${joined([note].flat(), ', ')}` : say``}`,
  )
  const same = answeredBefore(layer) ? say` an empty line takes ${at + 1} as before;` : say``
  return [
    ...refused,
    title,
    ...listed,
    back || same ? say`Type a number;${same} ${back}"cancel" gives up.` : say`Type a number, or "cancel".`,
  ]
}

function confirmTexts(layer: ConfirmLayer): Label[] {
  const { title, about, rows, refused, prepared, typed, wrong } = layer
  const plan = planLines(prepared)
  const back = canGoBack(layer) ? say`"back" asks the last question again; ` : say``
  return [
    ...(wrong ? [wrong] : []),
    title,
    ...about,
    ...rows.map((row) => some(row.map((cell) => cell !== '' && cell))),
    ...refused.map((text) => say`left out: ${text}`),
    say`This will run:`,
    ...plan.map((text) => say`  ${text}`),
    typed
      ? say`Type ${typed.wanted} to do it; ${back}anything else cancels.`
      : say`Type y or yes to do it; ${back}anything else cancels.`,
  ]
}

function outcomeTexts({ title, lines, next }: OutcomeLayer): Label[] {
  return [title, ...lines, ...(next ? [say`Type yes or no.`] : [])]
}

/** `TCP 10.9.0.100:389, sed on lb1, 2 of 3 in service, 31 active connections` */
export function serviceText(
  { name, balancer, scheduler, reals }: ServiceRecord,
  { snapshot, fleet }: Console,
): Label {
  const serving = reals.filter(({ weight }) => weight > 0).length
  return some([
    name,
    say`${scheduler} on ${label(balancer)}`,
    unseenText(reals, snapshot, fleet.now())?.[0] ?? say`${serving} of ${reals.length} in service`,
    say`${reals.reduce((sum, { active }) => sum + active, 0)} active connections`,
  ])
}
