import type { Label } from '../../hosts/label.ts'
import type { Traffic } from '../../services/lvs/facts.ts'
import type { Amiss } from '../balancer/serving.ts'
import type { FrontendService } from '../frontend/frontends.ts'

/** A virtual service, as the balancer has it that counts for it (serving.ts). */
export interface ServiceRecord {
  /** as the kernel's table names it: `TCP 10.9.0.100:389` */
  readonly name: Label
  readonly balancer: string
  readonly scheduler: Label
  /** as ipvsadm says them, may be empty */
  readonly flags: Label
  readonly rate?: Traffic
  readonly reals: readonly RealRecord[]
  /** what answers since nobody else does */
  readonly fallback?: string
  /** why it is not served as it should be, whatever its real servers do */
  readonly amiss?: Amiss
}

/** A real server in its virtual service. */
export interface RealRecord extends FrontendService {
  /** the address of its front end */
  readonly address: string
  /** the name of its front end */
  readonly name: Label
}
