import { HostError, type Output } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { inSlices, type Steps } from '../../hosts/slices.ts'
import type { NodeAsking } from '../node-watch.ts'
import type { CarriedMachine, ClusterFacts, LocationRule } from './facts.ts'
import { machinesSteps } from './machines.ts'
import { crmMonSteps, leftRulesSteps, NotKnown } from './parse.ts'

/**
 * What the node knows of its cluster. A node that is no part of it any more still says `running`, with exit status 0: docs/internals/cluster.md, "What misleads".
 *
 * @throws {HostError} refused: it does not know, or does not say, with what to do
 */
export async function readCluster({ host, shell, timeout }: NodeAsking): Promise<ClusterFacts> {
  const output = await shell.run(['crm_mon', '--output-as=xml', '-1'], timeout)
  if (!output.stdout.trim()) throw refused(host, output)
  try {
    return await inSlices(crmMonSteps(output.stdout))
  } catch (error) {
    if (error instanceof NotKnown) throw notKnown(host, error.why)
    throw new HostError('refused', host, say`crm_mon: ${messageOf(error)}`)
  }
}

/** Which resources are virtual machines; undefined: this account may not read them. */
export function readMachines(asking: NodeAsking): Promise<readonly CarriedMachine[] | undefined> {
  return readScope(asking, 'resources', machinesSteps)
}

/** Rules that moves and bans have left behind; undefined: this account may not read them. */
export function readLeftRules(asking: NodeAsking): Promise<readonly LocationRule[] | undefined> {
  return readScope(asking, 'constraints', leftRulesSteps)
}

/** What a section of the CIB says; undefined: this account may not read it, or it is none that is known. */
async function readScope<T>(
  { shell, timeout }: NodeAsking,
  scope: 'resources' | 'constraints',
  read: (xml: string) => Steps<T>,
): Promise<T | undefined> {
  const { code, stdout } = await shell.run(['cibadmin', '-Q', '--scope', scope], timeout)
  if (code !== 0) return undefined
  try {
    return await inSlices(read(stdout))
  } catch {
    return undefined
  }
}

function messageOf(error: unknown): Label {
  return label(error instanceof Error ? error.message : String(error))
}

function refused(host: string, { code, stderr }: Output): HostError {
  if (code === 127)
    return new HostError('refused', host, say`crm_mon is missing`, say`apt-get install pacemaker-cli-utils`)
  const [line = ''] = stderr.trim().split('\n')
  return new HostError(
    'refused',
    host,
    say`crm_mon says nothing: ${line ? label(line) : say`exit status ${code ?? 0}`}`,
  )
}

/** With what a person can do about it. */
function notKnown(host: string, why: Label): HostError {
  const text = say`does not know its cluster: ${why}`
  if (/Permission denied|Insufficient privileges/i.test(why))
    return new HostError('refused', host, text, say`add the account to the group haclient there`)
  return new HostError(
    'refused',
    host,
    text,
    say`are corosync and pacemaker running there? systemctl status corosync pacemaker`,
  )
}
