import type { LdirectordEvent, LdirectordReading } from '../../services/ldirectord/facts.ts'
import type { LvsReading } from '../../services/lvs/facts.ts'
import type { Trouble } from '../trouble.ts'

/** A balancer: its table, and the ldirectord that keeps it. */
export interface BalancerRecord {
  readonly host: string
  /** the last answer; none: never answered */
  readonly lvs?: LvsReading
  readonly lvsTrouble?: Trouble
  readonly ldirectord?: LdirectordReading
  readonly ldirectordTrouble?: Trouble
  /** what ldirectord last did with a real server, by `VIRTUAL REAL` as its log names them */
  readonly lastDid: ReadonlyMap<string, LdirectordEvent>
  /** those whose maintenance has ended, until ldirectord checks them again; keys as above */
  readonly returning?: ReadonlySet<string>
  /** by address: when it was last seen to take or release it, in milliseconds since the epoch */
  readonly handed?: ReadonlyMap<string, number>
}
