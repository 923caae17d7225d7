import * as z from 'zod'
import { size } from './size.ts'

/** How much is kept of how it was, minute by minute. */
export const lookBack = z.strictObject({
  /** Days for which it is kept, the first of them minute by minute; 0: nothing is; default 7. */
  days: z.number().min(0).max(36_500).optional(),
  /** How large that may become; default 200M. */
  size: size.optional(),
})
