import type { Argv } from '../../hosts/host.ts'
import { HostError } from '../../hosts/host.ts'
import { type Label, label, type Raw, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'

/** Milliseconds: these only write the configuration of the cluster, which then acts by itself. */
const timeout = 30_000
/** Seconds that a cluster may take until it has done what it was told. */
const settling = 120

/** The account needs no root for it, and so has no /usr/sbin in its PATH. */
function step(host: string, tool: string, words: readonly Raw[], what: Label): Step {
  return { host, argv: [`/usr/sbin/${tool}`, ...words], what, timeout, isOfAnyMember: true, refusal }
}

/** The tools end with `Error performing operation: No such object`, and say before what it was. */
function refusal(host: string, stderr: string): HostError {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const said = lines.find((line) => !line.startsWith('Error performing operation')) ?? lines[0]
  const text = said ? label(said.replace(/^\w+: /, '')) : say`the cluster refused without a word`
  const advice = /Permission denied|Insufficient privileges/i.test(stderr)
    ? say`add the account to the group haclient there`
    : say``
  return new HostError('refused', host, text, advice)
}

/** For how long a rule of a move or a ban holds, as ISO 8601 has it; none: until it is cleared. */
type Lifetime = string | undefined

const during = (lifetime: Lifetime): Raw[] => (lifetime ? ['--lifetime', lifetime] : [])

/** crm_resource(8), `--move`: a rule `cli-prefer-…` that stays. */
export function moveResource(host: string, resource: Raw, node: Raw, lifetime: Lifetime): Step {
  const words = ['--resource', resource, '--move', '--node', node, ...during(lifetime)]
  return step(host, 'crm_resource', words, say`move of ${label(resource)} to ${label(node)}`)
}

/** crm_resource(8), `--ban`: a rule `cli-ban-…` that stays. */
export function banResource(host: string, resource: Raw, node: Raw, lifetime: Lifetime): Step {
  const words = ['--resource', resource, '--ban', '--node', node, ...during(lifetime)]
  return step(host, 'crm_resource', words, say`ban of ${label(resource)} from ${label(node)}`)
}

/** Takes away the rules that moves and bans of it have left. */
export function clearResource(host: string, resource: Raw): Step {
  return step(host, 'crm_resource', ['--resource', resource, '--clear'], say`clearing of ${label(resource)}`)
}

/** Waits until the cluster has nothing more to do. */
export function untilIdle(host: string): Step {
  const words = ['--wait', '--timeout', `${settling}s`]
  const waiting = step(host, 'crm_resource', words, say`waiting for the cluster`)
  return { ...waiting, isFelt: false, timeout: (settling + 10) * 1000 }
}

/** Whether a step only waits until the cluster has done what it was told before. */
function isWaiting({ argv }: Pick<Step, 'argv'>): boolean {
  return argv[0] === '/usr/sbin/crm_resource' && argv[1] === '--wait'
}

/** Forgets its failures, and looks how it is where it failed. */
export function cleanUpResource(host: string, resource: Raw): Step {
  return step(host, 'crm_resource', ['--resource', resource, '--cleanup'], say`cleanup of ${label(resource)}`)
}

/** Forgets all that is known of it, and looks on every node. */
export function refreshResource(host: string, resource: Raw): Step {
  return step(host, 'crm_resource', ['--resource', resource, '--refresh'], say`refresh of ${label(resource)}`)
}

/** A meta attribute of a resource: `is-managed`, `target-role`. */
export function setMeta(host: string, resource: Raw, name: string, value: string): Step {
  const words = ['--resource', resource, '--meta', '--set-parameter', name, '--parameter-value', value]
  return step(host, 'crm_resource', words, say`${label(name)} of ${label(resource)}: ${label(value)}`)
}

/** The resource that a step stops; undefined: it stops none by its role. */
export function stopped({ argv }: Pick<Step, 'argv'>): Label | undefined {
  const [, , resource = '', , , name, , value] = argv
  return name === 'target-role' && value === 'Stopped' ? label(resource) : undefined
}

/** Whether a step tells a cluster something. */
export function isTold({ argv }: Pick<Step, 'argv'>): boolean {
  return argv[0].startsWith('/usr/sbin/crm_')
}

/** crm_standby(8): nothing runs on it any more, until it is brought back. */
export function standbyNode(host: string, node: Raw): Step {
  return step(host, 'crm_standby', ['--node', node, '--update', 'on'], say`standby of ${label(node)}`)
}

export function onlineNode(host: string, node: Raw): Step {
  return step(host, 'crm_standby', ['--node', node, '--delete'], say`end of standby of ${label(node)}`)
}

/** crm_attribute(8): the whole cluster is left alone, or looked after again. */
export function restCluster(host: string, rests: boolean): Step {
  const words = ['--name', 'maintenance-mode', '--update', String(rests)]
  return step(host, 'crm_attribute', words, rests ? say`maintenance of the cluster` : say`end of maintenance`)
}

/**
 * The name of a node, a group or a rule as commands take it. What Pacemaker names is the same as a label; of anything else the label is a name that it
 * does not know, and without line ends.
 */
export function named(name: Label): Raw {
  return String(name)
}

/** What can stand in a command and in the lines of a simulation as it is: all that Pacemaker itself makes. */
export function isPlain(name: Raw): boolean {
  return /^[A-Za-z0-9_][\w.:-]{0,254}$/.test(name)
}

/**
 * Does what is given to a copy of the configuration, and asks the scheduler what it would do then. Each word behind is a command, its own words
 * on lines of their own; an empty one lets the cluster do it first, as waiting would. An account of the group haclient may; the copy is its own, and
 * goes with it.
 */
export const simulation = `PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
export PATH LC_ALL
copy=$(mktemp) || exit
trap 'rm -f -- "$copy"' EXIT
cibadmin --query > "$copy" || exit
export CIB_file="$copy"
set -f
IFS='
'
for command in "$@"; do
  if [ "$command" ]; then $command >&2 || exit; else crm_simulate --xml-file "$copy" --in-place --output-as=xml || exit; fi
done
crm_simulate --xml-file "$copy" --simulate --output-as=xml`

/** What asks a node of a cluster what these steps would do. */
export function simulating(steps: readonly Pick<Step, 'argv'>[]): Argv {
  const commands = steps.map((one) => (isWaiting(one) ? '' : one.argv.join('\n')))
  return ['/bin/sh', '-c', simulation, 'sh', ...commands]
}
