import { at, running } from '../actions/machine/target.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { viewerAdvice } from '../services/display/keeper/viewers.ts'
import { definedScreens, screensIn } from '../services/libvirt/screen.ts'
import { dumpNextXml, dumpXml } from '../services/libvirt/verbs.ts'
import type { ScreenProtocol } from '../services/screen-protocol.ts'
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

/** Why the screen of a machine cannot be shown; undefined: it can, or nobody tells. @param speaks for what there is a viewer on this machine */
export async function screenFault(
  machine: MachineRecord,
  ask: AskXml,
  speaks: readonly ScreenProtocol[],
): Promise<Found | undefined> {
  const runs = running(machine)
  const xml = { running: runs ? await ask(machine, 'running') : undefined, next: await ask(machine, 'next') }
  const now = xml.running === undefined ? undefined : screensIn(xml.running).map(({ protocol }) => protocol)
  const next = xml.next === undefined ? undefined : definedScreens(xml.next)
  const isMissing = now?.length === 0
  const isUndefined = next?.length === 0
  if (isMissing && !isUndefined)
    return { what: say`it runs without a ${display}, which its definition has`, advice: again }
  if (!isUndefined) return viewerFault(now ?? next ?? [], speaks)
  const advice = say`virsh edit ${machine.name}: <graphics type='vnc' listen='127.0.0.1'/>`
  if (runs && !isMissing)
    return { what: say`it has no ${display} from its next start on: its definition has none`, advice }
  return {
    what: say`it has no ${display}, and its screen is to be shown`,
    advice: isMissing ? say`${advice}; then ${again}` : advice,
  }
}

/** Why none of its screens can be shown by what is installed here. */
export function viewerFault(
  has: readonly ScreenProtocol[],
  speaks: readonly ScreenProtocol[],
): Found | undefined {
  const [first] = has
  if (!first || has.some((one) => speaks.includes(one))) return undefined
  const named = label(has.map((one) => one.toUpperCase()).join(' or '))
  return {
    what: say`its screen is shown by ${named}, for which there is no viewer on this machine`,
    advice: label(viewerAdvice(first)),
  }
}

const display = label('display by VNC or SPICE')
const again = say`shut it down and start it: a reboot is not enough`
