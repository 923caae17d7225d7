import { otherAtNextStart } from '../../fleet/machine/next-start.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import * as verbs from '../../services/libvirt/verbs.ts'
import type { Change } from '../action.ts'
import type { Answers } from '../question.ts'
import { presentOf } from '../subjects.ts'
import { gibibytes, parseMemory } from '../units.ts'
import { at, running, settledHere } from './target.ts'

export function wrongCount(value: string): Label | undefined {
  const count = Number(value)
  return Number.isInteger(count) && count >= 1 && count <= 512 ? undefined : say`a whole number from 1 to 512`
}

export function wrongMemory(value: string): Label | undefined {
  const number = value.trim()
  // A number meant as GiB would leave a guest without memory.
  if (/^\d+(\.\d+)?$/.test(number)) return say`${label(number)}M or ${label(number)}G?`
  const kib = parseMemory(value)
  return kib !== undefined && kib >= 4096 ? undefined : say`a size such as 512M or 2G, at least 4M`
}

/** Warns of more than a host has, or less than a guest uses: possible, but hardly intended. */
export function sizeWarnings(
  on: string,
  { vcpus, memoryKiB }: { readonly vcpus?: number | undefined; readonly memoryKiB?: number | undefined },
  { hosts }: Snapshot,
  used?: number,
): Label[] {
  const host = hosts.find(({ name }) => name === on)
  const cpus = host?.cpus ?? Number.POSITIVE_INFINITY
  const most = host?.memoryKiB ?? Number.POSITIVE_INFINITY
  return [
    ...(vcpus !== undefined && vcpus > cpus
      ? [say`${label(on)} has ${cpus} CPUs: ${vcpus} vCPUs are more`]
      : []),
    ...(memoryKiB !== undefined && memoryKiB > most
      ? [say`${label(on)} has ${gibibytes(most)} of memory: ${gibibytes(memoryKiB)} are more`]
      : []),
    ...(memoryKiB !== undefined && used !== undefined && memoryKiB < used
      ? [say`its guest uses ${gibibytes(used)} now: with ${gibibytes(memoryKiB)} it lacks memory`]
      : []),
  ]
}

/** The memory it has, in whole MiB; who leaves it so in the question means what it has exactly. */
function memoryText({ memoryKiB }: MachineRecord): string | undefined {
  return memoryKiB === undefined ? undefined : `${Math.round(memoryKiB / 1024)}M`
}

/** Leaves what runs and what is defined as they are, where these differ: nothing that is proposed changes one of them. */
const keep = 'keep'

function proposed<K extends 'vcpus' | 'memoryKiB'>(key: K, text: (m: MachineRecord) => string | undefined) {
  return (machine: MachineRecord) => (otherAtNextStart(machine)[key] === undefined ? text(machine) : keep)
}

/** What is wanted; undefined: as it is. */
function wanted(machine: MachineRecord, { vcpus, memory }: Answers) {
  const other = otherAtNextStart(machine)
  const isSame = memory === memoryText(machine)
  const kib =
    memory === undefined || memory === keep || (isSame && other.memoryKiB === undefined)
      ? undefined
      : isSame
        ? machine.memoryKiB
        : parseMemory(memory)
  return { vcpus: vcpus === undefined || vcpus === keep ? undefined : Number(vcpus), memoryKiB: kib }
}

/** What it has now, and what it is defined to have, which of one that is off is the same. */
function sizesOf(machine: MachineRecord) {
  return { now: machine, next: (running(machine) && machine.nextStart) || machine }
}

/** Changes vCPUs and memory of the running machine as far as its maximum allows, and of the definition. */
export const setResources: Change<MachineRecord> = {
  kind: 'change',
  subject: 'machine',
  group: 'definition',
  verb: 'set',
  key: 'e',
  title: 'vCPUs, memory',
  help: 'Changes the number of vCPUs and the memory of a machine.',
  risk: 'disruptive',
  needsAny: true,
  patience: 30,
  endedBy: ['set'],
  available: (machine, context) => {
    const can = settledHere(machine, context)
    return can === true && !machine.persistent ? say`it is transient: it has no definition` : can
  },
  asks: [
    {
      id: 'vcpus',
      text: say`vCPUs`,
      value: 'N',
      usual: 'as it is',
      default: proposed('vcpus', ({ vcpus }) => (vcpus === undefined ? undefined : String(vcpus))),
      wrong: (value) => (value === keep ? undefined : wrongCount(value)),
    },
    {
      id: 'memory',
      text: say`Memory`,
      value: 'SIZE',
      usual: 'as it is',
      default: proposed('memoryKiB', memoryText),
      wrong: (value) => (value === keep ? undefined : wrongMemory(value)),
    },
  ],
  plan: (machine, answers, context) => {
    const on = at(machine, context)
    const { now, next } = sizesOf(machine)
    const { vcpus, memoryKiB } = wanted(machine, answers)
    const live = running(machine)
    return [
      ...(vcpus === undefined
        ? []
        : verbs.setVcpus(on, vcpus, {
            live: live && vcpus !== now.vcpus && vcpus <= (now.vcpusMax ?? now.vcpus ?? 1),
            config: vcpus !== next.vcpus,
            grows: vcpus > (next.vcpusMax ?? next.vcpus ?? 1),
          })),
      ...(memoryKiB === undefined
        ? []
        : verbs.setMemory(on, memoryKiB, {
            live: live && memoryKiB !== now.memoryKiB && memoryKiB <= (now.memoryMaxKiB ?? 0),
            config: memoryKiB !== next.memoryKiB,
            grows: memoryKiB > (next.memoryMaxKiB ?? 0),
          })),
    ]
  },
  warns: (machine, answers, snapshot) =>
    sizeWarnings(machine.host, wanted(machine, answers), snapshot, machine.memoryUsedKiB),
  remark: (machine, answers) => {
    const { vcpus = 0, memoryKiB = 0 } = wanted(machine, answers)
    const above = vcpus > (machine.vcpusMax ?? 1) || memoryKiB > (machine.memoryMaxKiB ?? 0)
    return running(machine) && above
      ? say`what exceeds its present maximum takes effect at its next start`
      : undefined
  },
  settled: (machine, answers, snapshot) => {
    const now = presentOf('machine', machine, snapshot)
    if (!now) return undefined
    const { vcpus, memoryKiB } = wanted(machine, answers)
    const live = running(machine)
    // What is above the maximum of a running machine shows only after its next start.
    const isThere = (value: number | undefined, has: number | undefined, most: number, defined?: number) =>
      value === undefined ||
      ((has === value || (live && value > most)) && (defined === undefined || defined === value))
    const { nextStart } = now
    return (
      (isThere(vcpus, now.vcpus, machine.vcpusMax ?? 1, nextStart?.vcpus) &&
        isThere(memoryKiB, now.memoryKiB, machine.memoryMaxKiB ?? 0, nextStart?.memoryKiB)) ||
      undefined
    )
  },
  undo: before,
  next: (machine, _answers, _failure, ran) => {
    const back = before(machine)
    return ran.length && back
      ? { ...back, text: say`Part of it is done, the rest is not. Undo that part?` }
      : undefined
  },
}

/** What makes it as it was; not where what runs and what was defined differed before, which one answer cannot say. */
function before(machine: MachineRecord): { verb: string; answers: Answers } | undefined {
  const memory = memoryText(machine)
  return machine.vcpus === undefined || memory === undefined || Object.keys(otherAtNextStart(machine)).length
    ? undefined
    : { verb: 'set', answers: { vcpus: String(machine.vcpus), memory } }
}
