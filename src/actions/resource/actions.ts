import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import type { Change } from '../action.ts'
import { cleanup, disable, enable, manage, refresh, unmanage } from './care.ts'
import { ban, clear, move } from './move.ts'

/** In the order of the footer, which has room for the first ones. */
export const resourceActions: readonly Change<ResourceRecord>[] = [
  clear,
  cleanup,
  move,
  ban,
  refresh,
  disable,
  enable,
  unmanage,
  manage,
]
