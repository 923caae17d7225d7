import { balancerDrill } from './balancer.ts'
import { frontendDrill } from './frontend.ts'
import type { DrillKind } from './kind.ts'
import { linkDrill } from './link.ts'
import { nodeDrill } from './node.ts'

/** What can be broken on purpose, a row for each. */
export const drillKinds: readonly (DrillKind<'frontend'> | DrillKind<'host'> | DrillKind<'node'>)[] = [
  frontendDrill,
  linkDrill,
  balancerDrill,
  nodeDrill,
]
