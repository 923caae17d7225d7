import * as z from 'zod'
import { size } from './size.ts'

/** What is kept of what happened, and who else is told of it. */
export const events = z.strictObject({
  /** Entries of the journal that are kept; default 100 000. */
  entries: z.int().min(1_000).max(100_000_000).optional(),
  /** Days for which they are kept; default: as long as there are no more than `entries`. */
  days: z.number().min(1).max(36_500).optional(),
  /** How large the journal may become. */
  size: size.optional(),
  /** Where each entry is sent, too. */
  syslog: z
    .string()
    .regex(
      /^(unix:\/.{1,100}|(udp|tcp):(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5})$/,
      'an address such as udp:loghost:514, tcp:loghost:601 or unix:/run/log.sock',
    )
    .optional(),
})
