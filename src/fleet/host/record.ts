import type { Role } from '../../config/schema.ts'
import type { Label, Raw } from '../../hosts/label.ts'
import type { HardwareFacts } from '../../services/hardware/facts.ts'
import type { Bond } from '../../services/process/facts.ts'
import type { Rate } from '../rates.ts'
import type { Trouble } from '../trouble.ts'

export interface HostRecord {
  readonly name: string
  readonly roles: readonly Role[]
  readonly uri: string
  readonly driver?: string
  readonly virtType?: string
  /** as libvirt has them: to be passed on, never to be shown */
  readonly pools?: readonly Raw[]
  readonly networks?: readonly Raw[]
  /** the last attempt was answered */
  readonly reachable: boolean
  readonly trouble?: Trouble
  /** what could not be read although the host answers */
  readonly partial?: Label
  readonly cpus?: number
  /** of all its CPUs, 0 to 100 */
  readonly cpuPercent?: number
  readonly memoryKiB?: number
  readonly memoryFreeKiB?: number
  /** runnable and waiting processes, mean of the last minute */
  readonly load?: number
  /** received and sent over its network interfaces */
  readonly net?: Rate
  /** its bonds; none if not known */
  readonly bonds?: readonly Bond[]
  /** what it is made of; only of the machine on which this console runs */
  readonly hardware?: HardwareFacts
  /** logs that may not be read by the account there */
  readonly deniedLogs?: readonly Label[]
  /** the number of its running machines and of all its machines; none: never told */
  readonly running?: number
  readonly machines?: number
}
