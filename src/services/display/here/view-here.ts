import type { Order } from '../opening.ts'
import { cookieOf } from '../x11/outer.ts'
import { terminalName } from './terminal-name.ts'

/** The order that shows a kept channel on the terminal of this environment. @throws there is no X display here */
export async function viewHere(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Extract<Order, { do: 'view' }>> {
  const { DISPLAY: display } = env
  if (!display) throw new Error('there is no X display here: DISPLAY is not set')
  const [cookie, terminal] = await Promise.all([cookieOf(display, env), terminalName(env)])
  return { do: 'view', display, terminal, ...(cookie ? { cookie: cookie.toString('hex') } : {}) }
}
