import type { MachineRecord } from '../fleet/model.ts'
import { say } from '../hosts/label.ts'
import * as verbs from '../services/libvirt/verbs.ts'
import type { Change } from './action.ts'
import { presentOf } from './subjects.ts'
import { at, running, settledHere } from './target.ts'
import { parseMemory } from './units.ts'

export function wrongCount(value: string): ReturnType<typeof say> | undefined {
  const count = Number(value)
  return Number.isInteger(count) && count >= 1 && count <= 512 ? undefined : say`a whole number from 1 to 512`
}

export function wrongMemory(value: string): ReturnType<typeof say> | undefined {
  const kib = parseMemory(value)
  return kib !== undefined && kib >= 4096 ? undefined : say`a size such as 512M or 2G, at least 4M`
}

/** The memory it has, in whole MiB; who leaves it so in the question means what it has exactly. */
function memoryText({ memoryKiB }: MachineRecord): string | undefined {
  return memoryKiB === undefined ? undefined : `${Math.round(memoryKiB / 1024)}M`
}

/** Changes vCPUs and memory of the definition, and of the running machine as far as its maximum allows. */
export const setResources: Change<MachineRecord> = {
  kind: 'change',
  subject: 'machine',
  group: 'definition',
  verb: 'set',
  key: 'e',
  title: 'vCPUs, memory',
  help: 'Changes the number of vCPUs and the memory of a machine.',
  risk: 'disruptive',
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
      default: (machine) => (machine.vcpus === undefined ? undefined : String(machine.vcpus)),
      wrong: wrongCount,
    },
    {
      id: 'memory',
      text: say`Memory`,
      value: 'SIZE',
      usual: 'as it is',
      default: memoryText,
      wrong: wrongMemory,
    },
  ],
  plan: (machine, { vcpus, memory }, context) => {
    const on = at(machine, context)
    const active = running(machine)
    const kib = memory === undefined ? undefined : parseMemory(memory)
    const changesMemory = kib !== undefined && memory !== memoryText(machine) && kib !== machine.memoryKiB
    return [
      ...(vcpus !== undefined && Number(vcpus) !== machine.vcpus
        ? verbs.setVcpus(on, Number(vcpus), { maximum: machine.vcpusMax ?? machine.vcpus ?? 1, active })
        : []),
      ...(changesMemory ? verbs.setMemory(on, kib, { maximumKiB: machine.memoryMaxKiB ?? 0, active }) : []),
    ]
  },
  remark: (machine, { vcpus, memory }) => {
    const kib = memory === undefined ? 0 : (parseMemory(memory) ?? 0)
    const above = Number(vcpus ?? 0) > (machine.vcpusMax ?? 1) || kib > (machine.memoryMaxKiB ?? 0)
    return running(machine) && above
      ? say`what is above its present maximum comes with its next start`
      : undefined
  },
  settled: (machine, { vcpus, memory }, snapshot) => {
    const now = presentOf('machine', machine, snapshot)
    if (!now) return undefined
    const live = running(machine)
    const count = Number(vcpus ?? now.vcpus)
    const kib = memory === undefined || memory === memoryText(machine) ? now.memoryKiB : parseMemory(memory)
    // What is above the maximum of a running machine shows only after its next start.
    const vcpusShow = now.vcpus === count || (live && count > (machine.vcpusMax ?? 1))
    const memoryShows = now.memoryKiB === kib || (live && (kib ?? 0) > (machine.memoryMaxKiB ?? 0))
    return (vcpusShow && memoryShows) || undefined
  },
  undo: (machine) => {
    const memory = memoryText(machine)
    return machine.vcpus === undefined || memory === undefined
      ? undefined
      : { verb: 'set', answers: { vcpus: String(machine.vcpus), memory } }
  },
}
