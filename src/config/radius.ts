import * as z from 'zod'
import { ownSecretFile } from './secret.ts'

const port = z.int().min(1).max(65535)

/** How FreeRADIUS is asked, for all hosts or for one: what is said for one goes before what is said for all. */
export const radius = z
  .strictObject({
    /** Where it listens; default: the host's address. */
    address: z.string().min(1).optional(),
    /** Of authentication; default 1812. */
    port: port.optional(),
    /** The secret that it shares with this console. */
    secretFile: ownSecretFile.optional(),
    /** Of its `type = status` listener, which tells statistics. */
    statusPort: port.optional(),
    /** Default: `secretFile`. */
    statusSecretFile: ownSecretFile.optional(),
    /** A test account, and its password. */
    user: z.string().min(1).optional(),
    passwordFile: ownSecretFile.optional(),
  })
  .superRefine(({ user, passwordFile }, ctx) => {
    if (user && !passwordFile)
      ctx.addIssue({ code: 'custom', path: ['user'], message: 'a passwordFile beside user' })
  })

export type RadiusConfig = z.output<typeof radius>
