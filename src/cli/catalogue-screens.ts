import { at, running } from '../actions/machine/target.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { HostError } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import { definesScreen, screenIn } from '../services/libvirt/screen.ts'
import { dumpNextXml, dumpXml } from '../services/libvirt/verbs.ts'
import type { Found } from './catalogue-fault.ts'

/** What libvirt says of a machine: as it runs, or as it starts next. Undefined: it does not tell. */
export type AskXml = (machine: MachineRecord, which: 'running' | 'next') => Promise<string | undefined>

/** Asks the host of the machine. */
export function xmlFrom(fleet: Fleet): AskXml {
  return async (machine, which) => {
    const on = at(machine, { fleet })
    const argv = which === 'running' ? dumpXml(on) : dumpNextXml(on)
    try {
      const said = await fleet.member(machine.host)?.host.run(argv)
      return said?.code === 0 ? said.stdout : undefined
    } catch (error) {
      if (error instanceof HostError) return undefined
      throw error
    }
  }
}

/** Why the screen of a machine cannot be shown; undefined: it can, or nobody tells. */
export async function screenFault(machine: MachineRecord, ask: AskXml): Promise<Found | undefined> {
  const runs = running(machine)
  const xml = { running: runs ? await ask(machine, 'running') : undefined, next: await ask(machine, 'next') }
  const isMissing = xml.running !== undefined && screenIn(xml.running) === undefined
  const isUndefined = xml.next !== undefined && !definesScreen(xml.next)
  if (isMissing && !isUndefined)
    return { what: say`it runs without a VNC display, which its definition has`, advice: again }
  if (!isUndefined) return undefined
  const advice = say`virsh edit ${machine.name}: <graphics type='vnc' listen='127.0.0.1'/>`
  if (runs && !isMissing)
    return { what: say`it has no VNC display from its next start on: its definition has none`, advice }
  return {
    what: say`it has no VNC display, and its screen is to be shown`,
    advice: isMissing ? say`${advice}; then ${again}` : advice,
  }
}

const again = say`shut it down and start it: a reboot is not enough`
