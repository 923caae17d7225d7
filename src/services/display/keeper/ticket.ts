import { LocalHost } from '../../../hosts/local.ts'
import type { Surroundings } from '../../../hosts/ssh-settings.ts'

/** Whether a person has a ticket of Kerberos. */
type Ticket = 'valid' | 'expired' | 'none'

/** Milliseconds for klist(1), which asks nobody. */
const timeout = 3_000

/** By klist(1): with `-s` it says by its status alone whether there is one that is valid, else whether there is any. */
export async function ticketHere({ env }: Surroundings, signal: AbortSignal): Promise<Ticket> {
  const here = new LocalHost({ env })
  const isTrue = async (...words: string[]) =>
    (await here.run(['klist', ...words], { timeout, signal })).code === 0
  try {
    if (await isTrue('-s')) return 'valid'
    return (await isTrue()) ? 'expired' : 'none'
  } catch {
    // There is no klist: nobody has a ticket.
    return 'none'
  } finally {
    await here.close()
  }
}
