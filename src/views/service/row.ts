import type { RealRecord, ServiceRecord } from '../../fleet/service/record.ts'

/** A line of the tree of virtual services: a service, or a real server below it. */
export interface ServiceRow {
  readonly id: string
  readonly service: ServiceRecord
  readonly real?: RealRecord
  /** the last real server of its service */
  readonly isLast?: boolean
}
