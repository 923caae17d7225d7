import { type Host, HostError, type Output } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { atOnce, inSlices, type Steps } from '../../hosts/slices.ts'
import { type Element, elementSteps } from '../elements.ts'
import type { Step } from '../step.ts'
import { first, labelled, longest, resourcesIn, within } from './parse.ts'
import { simulating } from './verbs.ts'

/** What the scheduler would do with a resource. */
export interface Foreseen {
  /** `start`, `stop`, `move`, `migrate` (live), `restart`, `recover`, `promote`, `demote` */
  readonly how: string
  readonly resource: Label
  /** where it runs before, where it moves */
  readonly from?: Label
  /** where it is done, or where it runs then */
  readonly on?: Label
}

/** What a cluster would do. */
export interface Simulation {
  /** in its order; what comes after a wait is a stage of its own */
  readonly stages: readonly (readonly Foreseen[])[]
  /** nodes that would be fenced, and how */
  readonly fenced: readonly Label[]
  /** resources that run before, and nowhere afterwards */
  readonly nowhere: readonly Label[]
}

/** Milliseconds for a whole simulation, which takes some 0.2 s where there are few resources. */
const timeout = 20_000

/**
 * Asks a node of a cluster what these steps would do, on a copy of its configuration.
 *
 * @throws {HostError} refused: it cannot say, with why
 */
export async function simulate(
  host: Host,
  steps: readonly Pick<Step, 'argv'>[],
  signal: AbortSignal,
): Promise<Simulation> {
  return await answered(host, simulating(steps), signal)
}

/**
 * The same for what happens by itself: these nodes fail, or come back.
 *
 * @throws {HostError} as `simulate`
 */
export async function simulateNodes(
  host: Host,
  { fail, up }: { readonly fail: readonly string[]; readonly up: readonly string[] },
  signal: AbortSignal,
): Promise<Simulation> {
  const events = [...fail.map((node) => `--node-fail=${node}`), ...up.map((node) => `--node-up=${node}`)]
  const argv = ['--live-check', '--simulate', '--output-as=xml', ...events]
  return await answered(host, ['/usr/sbin/crm_simulate', ...argv], signal)
}

async function answered(
  host: Host,
  argv: Parameters<Host['run']>[0],
  signal: AbortSignal,
): Promise<Simulation> {
  const output = await host.run(argv, { timeout, signal, limit: 2 * longest })
  if (output.code !== 0) throw new HostError('refused', host.name, said(output))
  try {
    return await inSlices(simulationSteps(output.stdout))
  } catch (error) {
    const why = label(error instanceof Error ? error.message : String(error))
    throw new HostError('refused', host.name, say`crm_simulate: ${why}`)
  }
}

/** The first line of what it says that is no warning of what a rule does. */
function said({ code, stderr }: Output): Label {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() && !/^(?:WARNING|\s|Error performing)/.test(line))
  return lines[0] ? label(lines[0].trim()) : say`crm_simulate fails with exit status ${code ?? 0}`
}

/**
 * Reads `crm_simulate --simulate --output-as=xml`, one or several behind each other.
 *
 * @throws {Error} with a sentence, when it is no XML of this kind
 */
export function parseSimulation(xml: string): Simulation {
  return atOnce(simulationSteps(xml))
}

/** The same, a few elements at a time. */
export function* simulationSteps(xml: string): Steps<Simulation> {
  if (xml.length > 2 * longest) throw new Error(`longer than ${(2 * longest) / 2 ** 20} MiB`)
  const results = within(yield* elementSteps(xml), 'pacemaker-result')
  const [begin] = results
  const end = first(results.at(-1), 'revised_cluster_status')
  const before = first(begin, 'cluster_status')
  if (!before || !end) throw new Error('no <cluster_status> with what becomes of it')
  const actions = results.map((result) => first(result, 'actions'))
  const running = activeIn(end)
  return {
    stages: actions.map((of) => within(of, 'rsc_action').flatMap(foreseenOf)),
    fenced: actions.flatMap((of) => within(of, 'node_action').map(fencedOf)),
    nowhere: [...activeIn(before)].filter((one) => !running.has(one)),
  }
}

function activeIn(status: Element): Set<Label> {
  const all = [...resourcesIn(first(status, 'resources'), [])]
  return new Set(all.filter(({ nodes }) => nodes.length).map(({ id }) => id))
}

/** What stays as it is is told too, as `leave`. */
function foreseenOf(action: Element): Foreseen[] {
  const how = action.attributes.get('action')?.toLowerCase()
  const resource = action.attributes.get('resource')
  if (!how || !resource || how === 'leave') return []
  const from = labelled(action, 'source')
  const on = labelled(action, 'dest') ?? labelled(action, 'node')
  return [
    {
      how,
      // A part of a clone has its number behind it.
      resource: label(resource.replace(/:\d+$/, '')),
      ...(from ? { from } : {}),
      ...(on ? { on } : {}),
    },
  ]
}

function fencedOf(action: Element): Label {
  const reason = labelled(action, 'reason')
  return say`${labelled(action, 'node') ?? say`?`}${reason ? say` (${reason})` : say``}`
}
