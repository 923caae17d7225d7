import { describe, expect, it } from 'vitest'
import { endedError, refusal, unanswered } from '../../../src/services/libvirt/refusal.ts'
import { libvirt, xen } from '../../support/fixture.ts'

/** What an operator reads first, and what to do next. */
const read = (stderr: string) => {
  const { reason, advice } = refusal('a', stderr)
  return [reason.split(':')[0], advice]
}

describe('a refusal says what it means before it repeats libvirt, and what to do', () => {
  it.each([
    [
      'this user may not use libvirt',
      'adduser USER libvirt (docs/permissions.md)',
      xen('errors/virsh-not-root.err.txt'),
    ],
    ['libvirtd does not run', 'systemctl start libvirtd', libvirt('err-libvirtd-down.txt')],
    ['this host is no Xen dom0', 'check "libvirt:" in the configuration', libvirt('err-xen-not-a-dom0.txt')],
    ['virsh is missing', 'apt-get install libvirt-clients', "env: 'virsh': No such file or directory\n"],
    [
      'libvirtd hangs',
      'systemctl status libvirtd',
      'error: Disconnected from qemu:///system due to keepalive timeout\n',
    ],
  ])('%s', (means, mend, stderr) => {
    expect(read(stderr)).toEqual([means, mend])
  })

  it('and what it does not know it repeats as it is', () => {
    expect(refusal('a', 'error: Domain is already active\n')).toMatchObject({
      kind: 'refused',
      host: 'a',
      reason: 'Domain is already active',
      advice: '',
    })
  })

  it('a virsh that ended with words of its libvirt was on a host that is there; of other words nobody can say', () => {
    const noSocket =
      "error: Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory"
    expect(endedError('a', noSocket)).toMatchObject({ kind: 'refused', advice: 'systemctl start libvirtd' })
    expect(endedError('a', 'packet_write_wait: broken pipe').kind).toBe('unreachable')
  })

  it('a virsh that ended without a word, and one that got no connection, are told apart', () => {
    expect(endedError('a', '\n').reason).toBe('virsh ended')
    expect(unanswered('a', 'qemu:///system', 3000).reason).toBe(
      'libvirtd hangs: no connection to qemu:///system in 3 s',
    )
  })
})
