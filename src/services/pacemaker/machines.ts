import { atOnce, type Steps } from '../../hosts/slices.ts'
import { type Element, elementSteps } from '../elements.ts'
import type { CarriedMachine } from './facts.ts'
import { bounded, first, longest, within } from './parse.ts'

/** The agents of virtual machines, by what names the file of one; the file has the name of the machine. */
const files = { VirtualDomain: 'config', Xen: 'xmfile' } as const

/** Whether a resource of this agent is a virtual machine: `ocf:heartbeat:VirtualDomain`. */
export function isMachineAgent(agent: string): boolean {
  return (agent.split(':').at(-1) ?? '') in files
}

/**
 * Reads `cibadmin -Q --scope resources`: the virtual machines in it. crm_mon tells of no parameters.
 *
 * @throws {Error} with a sentence, when it is no XML of this kind
 */
export function parseMachines(xml: string): CarriedMachine[] {
  return atOnce(machinesSteps(xml))
}

/** The same, a few elements at a time. */
export function* machinesSteps(xml: string): Steps<CarriedMachine[]> {
  if (xml.length > longest) throw new Error(`longer than ${longest / 2 ** 20} MiB`)
  const resources = first(yield* elementSteps(xml), 'resources')
  const templates = new Map(within(resources, 'template').map((one) => [one.attributes.get('id'), one]))
  const found = [...primitivesIn(resources)].flatMap((one): CarriedMachine[] => {
    const template = templates.get(one.attributes.get('template'))
    const resource = one.attributes.get('id')
    const type = one.attributes.get('type') ?? template?.attributes.get('type')
    if (!resource || (type !== 'VirtualDomain' && type !== 'Xen')) return []
    const value = (set: string, name: string) => valueIn(one, set, name) ?? valueIn(template, set, name)
    const file = value('instance_attributes', files[type])
    const named = value('instance_attributes', 'name')
    return [
      {
        resource,
        machine: named ?? (file ? nameOf(file) : resource),
        isLive: /^(?:true|yes|on|y|1)$/i.test(value('meta_attributes', 'allow-migrate') ?? ''),
      },
    ]
  })
  return [...bounded(found, 'virtual machines')]
}

/** `web1` of `/etc/libvirt/qemu/web1.xml`, as libvirt itself names the file. */
function nameOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return name.replace(/\.(?:xml|cfg)$/, '')
}

/** A group is in a clone, and a primitive in either. */
function* primitivesIn(element: Element | undefined, depth = 0): Generator<Element, void> {
  if (depth > 4) return
  for (const child of element?.children ?? [])
    if (child.name === 'primitive') yield child
    else if (['group', 'clone', 'master'].includes(child.name)) yield* primitivesIn(child, depth + 1)
}

function valueIn(element: Element | undefined, set: string, name: string): string | undefined {
  const all = within(element, set).flatMap((one) => within(one, 'nvpair'))
  return all.find(({ attributes }) => attributes.get('name') === name)?.attributes.get('value')
}
