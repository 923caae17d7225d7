import { readdir } from 'node:fs/promises'
import type { Order } from '../opening.ts'
import { cookieOf } from '../x11/outer.ts'
import { ownChannel } from './own.ts'
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

/**
 * The same of another display of whoever runs this. Its cookie is in their home, and not where the surroundings of an operator name one (sudo keeps XAUTHORITY); the
 * terminal is called as another channel of theirs has it.
 *
 * @param place the folder of their channels
 */
export async function viewOn(
  display: string,
  place: string,
  home: string,
): Promise<Extract<Order, { do: 'view' }>> {
  const { PATH } = process.env
  const view = await viewHere({ PATH, HOME: home, DISPLAY: display })
  const ids = (await readdir(place)).flatMap((name) => /^([a-z2-7]{6})\.json$/.exec(name)?.[1] ?? [])
  const known = await Promise.all(ids.map((id) => ownChannel(place, id)))
  const there = known.find((one) => one?.terminal.display === display)
  return there ? { ...view, terminal: there.terminal.name } : view
}
