import { type Label, say } from '../../../hosts/label.ts'
import { isActive, type MachineState } from '../states.ts'
import type { XlDomain } from './parse.ts'

interface Told {
  readonly state: MachineState
  readonly reason: Label
}

/** Milliseconds after which what is normal for a moment is no longer so. */
const normal = {
  /** xl and virsh are not asked in the same instant: one may have seen a machine end that the other had seen run */
  disagree: 3_000,
  /** a machine is paused while it is built, which took up to 39 s under emulation: docs/internals/xen.md, "State letters" */
  build: 60_000,
  /** beyond a minute the toolstack is stuck: docs/internals/xen.md, "State letters" */
  reboot: 60_000,
} as const

/**
 * The state of a domain out of the six letters of `xl list` (running, blocked, paused, shut down, why, dying) and of what
 * libvirt says of it: nothing of a domain made by xl. The letters are the hypervisor's word, so they count; libvirt knows
 * reasons. `lasts`: milliseconds for which both have said the same. The table: docs/internals/xen.md, "State letters".
 */
export function stateOnXen(
  { letters, vcpus }: Pick<XlDomain, 'letters' | 'vcpus'>,
  libvirt: Told | undefined,
  lasts: number,
): Told {
  if (letters[5] === 'd') return { state: 'in shutdown', reason: say`dying` }
  if (letters[3] === 's') return afterShutdown(letters[4] ?? '-', lasts)
  const off = libvirt !== undefined && !isActive(libvirt.state)
  if (letters[2] === 'p') {
    if (vcpus === 0) return { state: 'paused', reason: say`half built: its creation was cut off` }
    if (!off) return { state: 'paused', reason: libvirt?.state === 'paused' ? libvirt.reason : say`` }
    return { state: 'paused', reason: lasts < normal.build ? say`starting up` : say`not known to libvirt` }
  }
  if (off) return { state: 'running', reason: lasts < normal.disagree ? say`` : behindLibvirt }
  return libvirt && libvirt.state !== 'paused' ? libvirt : { state: 'running', reason: say`` }
}

/** To start it would run its disks twice: libvirt says shut off, and Xen runs it. */
export const behindLibvirt: Label = say`runs behind libvirt's back`

function afterShutdown(why: string, lasts: number): Told {
  switch (why) {
    case 'r':
      return {
        state: 'running',
        reason:
          lasts < normal.reboot ? say`reboots` : say`asked for a reboot, nobody reacts: restart libvirtd`,
      }
    case 's':
      return { state: 'paused', reason: say`suspended for a migration or save` }
    case 'c':
      return { state: 'crashed', reason: say`panicked` }
    case 'w':
      return { state: 'crashed', reason: say`watchdog` }
    default:
      return { state: 'in shutdown', reason: say`has shut down, is taken apart` }
  }
}
