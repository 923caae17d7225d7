import { type Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { Virsh, virsh } from './client.ts'
import { isUnsupported } from './parse.ts'
import { refusal } from './refusal.ts'
import { Dom0Command, xlList } from './xen/client.ts'

/** One thing that was tried on a host. */
export interface Check {
  readonly what: Label
  readonly ok: boolean
  readonly found: Label
  /** the line that mends it */
  readonly mend?: Label
  /** without it the console still works, with less */
  readonly optional?: true
}

const patience = 8_000

/** Tries, in order, what the console needs of a hypervisor; what follows from a failure is not tried. */
export async function checkHost(host: Host, uri: string, readOnly: boolean): Promise<Check[]> {
  const checks: Check[] = []
  const attempt = async (what: Label, work: () => Promise<Label>, optional?: true): Promise<boolean> => {
    try {
      checks.push({ what, ok: true, found: await work() })
      return true
    } catch (error) {
      const known = error instanceof HostError
      const mend = known && error.advice ? { mend: error.advice } : {}
      checks.push({
        what,
        ok: false,
        found: known ? error.reason : label(String(error)),
        ...mend,
        ...(optional ? { optional } : {}),
      })
      return false
    }
  }
  if (!(await attempt(say`reach the host`, () => reach(host)))) return checks
  if (!(await attempt(say`virsh`, () => version(host, uri)))) return checks
  if (!(await attempt(say`connect to ${label(uri)}`, () => connect(host, uri, true)))) return checks
  if (!readOnly) await attempt(say`may change machines`, () => connect(host, uri, false))
  await attempt(say`numbers of all machines at once`, () => statistics(host, uri), true)
  await attempt(say`process times (ps)`, () => processes(host), true)
  return checks
}

async function reach(host: Host): Promise<Label> {
  const { code } = await host.run(['true'], { timeout: patience })
  if (code !== 0)
    throw new HostError(
      'exec',
      host.name,
      say`"true" gave ${code ?? -1}`,
      say`check the login shell and its start-up files`,
    )
  return say`commands run`
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
  const xl = new Dom0Command(xlList, { host, signal: AbortSignal.timeout(patience * 2), now: Date.now })
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
