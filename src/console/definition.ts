import { at } from '../actions/machine/target.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { whyOf } from '../hosts/host.ts'
import { label, labelLineSteps, say } from '../hosts/label.ts'
import { inSlices } from '../hosts/slices.ts'
import { refusal } from '../services/libvirt/refusal.ts'
import { dumpXml } from '../services/libvirt/verbs.ts'
import { domainXmlSteps, longestXml } from '../services/libvirt/xml.ts'
import type { Definition } from '../views/machine/definition.ts'

/** XML that we cannot read is shown all the same. */
async function meaningOf(xml: string): Promise<Pick<Definition, 'meaning'>> {
  try {
    return { meaning: await inSlices(domainXmlSteps(xml)) }
  } catch {
    return {}
  }
}

/** Reads a machine's definition from its host. Never throws: what went wrong are its lines. */
export async function readDefinition(fleet: Fleet, machine: MachineRecord): Promise<Definition> {
  const host = fleet.member(machine.host)?.host
  try {
    if (!host) return { lines: [say`${label(machine.host)} is not in the configuration`] }
    const { code, stdout, stderr } = await host.run(dumpXml(at(machine, { fleet })))
    if (code !== 0) return { lines: [whyOf(refusal(machine.host, stderr))] }
    const lines = await inSlices(labelLineSteps(stdout.slice(0, longestXml).trimEnd()))
    const rest = stdout.length - longestXml
    if (rest > 0) lines.push(say`\u2026 (${rest} more characters)`)
    return { lines, ...(await meaningOf(stdout)) }
  } catch (error) {
    return { lines: [whyOf(error)] }
  }
}
