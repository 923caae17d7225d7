import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { errorText } from './parse.ts'

/** What virsh says, what it means for an operator, and the line that mends it. */
interface Known {
  readonly says: RegExp
  readonly means: string
  readonly mend: string
}

/**
 * Texts of libvirt 9.0: docs/internals/libvirt.md, "Refusals"; docs/internals/xen.md, "Who may read" and "Held job"; fixtures: err-*,
 * errors of Xen. The first that fits counts.
 */
const known: readonly Known[] = [
  {
    says: /virsh.*(command not found|No such file or directory)/,
    means: 'virsh is missing',
    mend: 'apt-get install libvirt-clients',
  },
  {
    says: /Failed to connect socket.*Permission denied|authentication unavailable|access denied/,
    means: 'this user may not use libvirt',
    mend: 'adduser USER libvirt (docs/permissions.md)',
  },
  {
    says: /read only access prevents/,
    means: 'the connection is read-only',
    mend: 'adduser USER libvirt (docs/permissions.md)',
  },
  {
    says: /Failed to connect socket|client socket is closed|due to end of file/,
    means: 'libvirtd does not run',
    mend: 'systemctl start libvirtd',
  },
  { says: /keepalive timeout/, means: 'libvirtd hangs', mend: 'systemctl status libvirtd' },
  {
    says: /libxenlight state driver is not active/,
    means: 'this host is no Xen dom0',
    mend: 'check "libvirt:" in the configuration',
  },
  {
    says: /no connection driver available/,
    means: 'there is no such hypervisor here',
    mend: 'check "libvirt:" in the configuration',
  },
  {
    says: /cannot acquire state change lock/,
    means: 'another job holds this machine',
    mend: 'if it does not end: systemctl restart libvirtd (machines go on running)',
  },
  {
    says: /Unsafe migration/,
    means: 'its disks are not known to be shared',
    mend: 'copy them too, or say that they are shared',
  },
  {
    says: /virt-ssh-helper|Host key verification failed|Cannot recv data/,
    means: 'the source host does not reach the target by ssh',
    mend: 'check migrateTo, and the key and known_hosts of the user on the source (docs/permissions.md)',
  },
]

/** What virsh says when there is no such machine (its texts are in English here): nothing else may count as gone. */
export function isGone(stderr: string): boolean {
  return /^error: (failed to get domain '|Domain not found)/m.test(stderr)
}

/** A command that virsh refused. The reason begins with what it means, where that is known, and ends with libvirt's words. */
export function refusal(host: string, stderr: string): HostError {
  return meaning('refused', host, errorText(stderr))
}

/** A virsh that ended by itself: why, as far as its last words tell. One that speaks of its libvirt was on a host that is there. */
export function endedError(host: string, stderr: string): HostError {
  const text = errorText(stderr)
  if (!stderr.trim()) return new HostError('unreachable', host, say`virsh ended`)
  return meaning(known.some(({ says }) => says.test(text)) ? 'refused' : 'unreachable', host, text)
}

/** A virsh that got no connection: libvirtd takes the call and does not answer. */
export function unanswered(host: string, uri: string, timeout: number): HostError {
  const reason = say`libvirtd hangs: no connection to ${label(uri)} in ${timeout / 1000} s`
  return new HostError('timeout', host, reason, say`systemctl status libvirtd`)
}

/** A host that answers while its libvirt does not: no machine there has stopped by that, and none may be taken for stopped. */
export function onlyLibvirt({ kind, host, reason, advice }: HostError): HostError {
  return new HostError(kind, host, say`${reason}; the host answers: its machines may be running`, advice)
}

function meaning(kind: 'refused' | 'unreachable', host: string, text: Label): HostError {
  const found = known.find(({ says }) => says.test(text))
  return found
    ? new HostError(kind, host, say`${label(found.means)}: ${text}`, label(found.mend))
    : new HostError(kind, host, text)
}
