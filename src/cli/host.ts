import type { Command } from 'commander'
import { checkServers } from '../fleet/check-servers.ts'
import { logsOf } from '../fleet/logs/sources.ts'
import type { Member } from '../fleet/member.ts'
import { watchedProcesses } from '../fleet/process/watched.ts'
import { defaultLdirectord } from '../fleet/watches.ts'
import { type Check, Checks } from '../hosts/check.ts'
import { asHostError } from '../hosts/conversation.ts'
import { HostError } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import { Shell } from '../hosts/shell.ts'
import { checkDisplays } from '../services/display/check.ts'
import { checkHeartbeat } from '../services/heartbeat/check.ts'
import { checkKeepalived } from '../services/keepalived/check.ts'
import { checkLdirectord } from '../services/ldirectord/check.ts'
import { checkLibvirt } from '../services/libvirt/check.ts'
import { checkLogs } from '../services/logs/check.ts'
import { checkLvs } from '../services/lvs/check.ts'
import { checkPacemaker } from '../services/pacemaker/check.ts'
import { checkProcesses } from '../services/process/check.ts'
import { checkText } from './check-text.ts'
import { exit } from './exit.ts'
import { findHost } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addNoun } from './noun.ts'
import { openFleet } from './open.ts'
import { json, print } from './output.ts'
import { closeFleet } from './with-fleet.ts'

/** `vdd host list`, `show` and `check`. */
export function addHostVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'host', {
    description: 'The hosts of the cluster.',
    about: { list: ['hosts'] },
    rates: { list: 'loads', show: 'loads' },
    status: ({ trouble }) => (trouble ? exit.unreachable : exit.ok),
  })
  noun
    .command('check [HOST...]')
    .description('Tells what works on each host, what is missing, and the line that mends it.')
    .option('--json', 'as JSON')
    .action(async (names: string[], options: { json?: boolean }) =>
      finish(await check(globals(), names, options.json ?? false)),
    )
}

async function check(globals: GlobalOptions, names: readonly string[], asJson: boolean): Promise<number> {
  const fleet = await openFleet(globals, false)
  try {
    const snapshot = fleet.snapshot()
    const hosts = names.length ? names.map((name) => findHost(snapshot, name)) : snapshot.hosts
    const results = await Promise.all(
      hosts.map(async ({ name }) => {
        const member = fleet.member(name)
        return { name, checks: member ? await checkMember(member, fleet.readOnly) : [] }
      }),
    )
    if (asJson) print(json(results))
    else for (const { name, checks } of results) print(checkText(name, checks))
    return results.every(({ checks }) => checks.every((c) => c.ok || c.optional)) ? exit.ok : exit.failed
  } finally {
    await closeFleet(fleet)
  }
}

/** What each role of a host needs; what follows from a failure is not tried. */
async function checkMember(member: Member, readOnly: boolean): Promise<readonly Check[]> {
  const { host, config } = member
  const checks = new Checks(host)
  if (!(await checks.reach())) {
    // They are asked past ssh.
    await checkServers(checks, member)
    return checks.done
  }
  const { roles, libvirt, sudo = false, ldirectord = defaultLdirectord, vdd = 'vdd' } = config
  if (roles.includes('hypervisor')) await checkLibvirt(checks, libvirt, readOnly)
  await checkServers(checks, member)
  const shell = await Shell.open(host).catch((error: unknown) => asHostError(error, host.name))
  if (shell instanceof HostError) {
    await checks.attempt(say`shell`, () => Promise.reject(shell))
    return checks.done
  }
  try {
    if (!roles.includes('hypervisor')) await checkProcesses(checks, shell, watchedProcesses(config))
    if (roles.includes('display')) await checkDisplays(checks, vdd)
    if (roles.includes('pacemaker')) await checkPacemaker(checks, shell)
    else if (roles.includes('heartbeat')) await checkHeartbeat(checks, shell)
    else if (roles.includes('keepalived')) await checkKeepalived(checks, shell, sudo)
    if (roles.includes('balancer')) {
      await checkLvs(checks, shell, sudo)
      await checkLdirectord(checks, shell, ldirectord)
    }
    await checkLogs(checks, shell, logsOf(roles))
    return checks.done
  } finally {
    shell.close()
  }
}
