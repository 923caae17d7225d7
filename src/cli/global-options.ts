import type { FleetOptions } from '../fleet/options.ts'
import type { Size } from '../terminal/size.ts'

/** How a verb looks, which is there for a moment only: as the fleet takes it. */
export interface Looking
  extends Pick<FleetOptions, 'about' | 'leastSpan' | 'merge' | 'notifyEvery' | 'witness'> {
  /** whether it stays, and calls somebody where that is configured; default: as a console does, and no verb */
  readonly calls?: boolean
}

/** Options of the program itself, before any verb. */
export interface GlobalOptions {
  readonly config?: string
  readonly readOnly?: boolean
  readonly demo?: boolean
  readonly log?: string
  readonly interval?: number
  readonly color?: boolean
  readonly plain?: boolean
  readonly ascii?: boolean
  readonly clock?: boolean
  /** bits a second */
  readonly baud?: number
  readonly size?: Size
}

/** The words by which another vdd goes by the same configuration. */
export function configWords({ config }: GlobalOptions): readonly string[] {
  return config === undefined ? [] : ['--config', config]
}
