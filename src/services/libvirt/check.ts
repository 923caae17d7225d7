import type { Checks } from '../../hosts/check.ts'
import { now as steadyNow } from '../../hosts/clock.ts'
import { type Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { Virsh, virsh } from './client.ts'
import { isUnsupported } from './parse.ts'
import { refusal } from './refusal.ts'
import { Dom0Command, xlList } from './xen/client.ts'

const patience = 8_000

/** Tries, in order, what the console needs of a hypervisor; what follows from a failure is not tried. */
export async function checkLibvirt(checks: Checks, uri: string, readOnly: boolean): Promise<void> {
  const { host } = checks
  if (!(await checks.attempt(say`virsh`, () => version(host, uri)))) return
  if (!(await checks.attempt(say`connect to ${label(uri)}`, () => connect(host, uri, true)))) return
  if (!readOnly) await checks.attempt(say`may change machines`, () => connect(host, uri, false))
  await checks.attempt(say`numbers of all machines at once`, () => statistics(host, uri), true)
  await checks.attempt(say`process times (ps)`, () => processes(host), true)
}

async function version(host: Host, uri: string): Promise<Label> {
  const { code, stdout, stderr } = await host.run(virsh(uri, '--version'), { timeout: patience })
  if (code !== 0) throw refusal(host.name, stderr)
  return label(stdout.trim())
}

async function connect(host: Host, uri: string, readOnly: boolean): Promise<Label> {
  const session = await Virsh.open(host, uri, readOnly, patience)
  const { out, err } = await session.command(['list', '--all', '--uuid'], patience)
  session.close()
  if (err) throw refusal(host.name, err)
  return say`${out.split('\n').filter((line) => line.trim()).length} machines`
}

async function statistics(host: Host, uri: string): Promise<Label> {
  const { code, stderr } = await host.run(virsh(uri, '-r', 'domstats', '--raw', '--nowait'), {
    timeout: patience,
  })
  if (code === 0) return say`domstats`
  if (isUnsupported(stderr)) return await byXl(host)
  throw refusal(host.name, stderr)
}

/** A driver without `domstats`: on Xen the numbers come from xl, which needs root. */
async function byXl(host: Host): Promise<Label> {
  const xl = new Dom0Command(xlList, { host, signal: AbortSignal.timeout(patience * 2), now: steadyNow })
  if ((await xl.answer()) !== undefined) return say`xl`
  throw new HostError(
    'refused',
    host.name,
    say`no domstats in this driver, and ${xl.trouble ?? say`no xl`}; numbers come one machine at a time`,
    say`allow xl in sudoers (docs/permissions.md)`,
  )
}

async function processes(host: Host): Promise<Label> {
  const { code } = await host.run(['ps', '-e', '-o', 'etimes='], { timeout: patience })
  if (code !== 0)
    throw new HostError('refused', host.name, say`ps has no etimes`, say`apt-get install procps`)
  return say`ps`
}
