import * as z from 'zod'
import { span } from './span.ts'
import { suchAs } from './such-as.ts'

/** The longest time that a command may take, in milliseconds: meanwhile nobody else is called. */
const longest = 600_000

/** The site's own command that is told of what is wrong. */
export const alerts = z.strictObject(
  {
    /** A program and its arguments, as they are: no shell reads them. */
    run: z
      .array(
        z.string().min(1, 'at least one letter').max(4_096),
        suchAs('a list such as [/usr/local/sbin/call, on-duty]'),
      )
      .min(1, 'at least the program')
      .max(100),
    /** The least that it is told of. */
    severity: z.enum(['bad', 'warning']).default('warning'),
    /** Milliseconds in which it is not told again of the same. */
    hold: span.default(15 * 60_000),
    /** Milliseconds until it is ended. */
    limit: span.refine((value) => value <= longest, 'at most 10m').default(30_000),
  },
  suchAs('settings such as {run: [/usr/local/sbin/call, on-duty]}'),
)

export type AlertsConfig = z.output<typeof alerts>
