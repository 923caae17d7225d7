import { constants, open } from 'node:fs/promises'
import { label } from '../../../hosts/label.ts'
import { textsFor } from '../keeper/texts.ts'
import type { Obeyed, Order } from '../opening.ts'
import { loginId } from '../sight.ts'
import { printed } from './printed.ts'

/** A text session of whoever runs this, by its id (`loginId`). */
interface OwnLogin {
  readonly tty: string
  readonly pid: number
}

/** undefined: it is no id of a text session, or there is none of this user. */
export async function ownLogin(id: string, uid: number): Promise<OwnLogin | undefined> {
  const [, tty, pid] = loginId.exec(id) ?? []
  if (tty === undefined || pid === undefined) return undefined
  const line = await printed(['ps', '-ouid=', '-otty=', `-p${pid}`])
  const [owner, at] = (line ?? '').trim().split(/\s+/)
  return Number(owner) === uid && at === tty ? { tty, pid: Number(pid) } : undefined
}

/** Gives an order to a text session: it can be ended, and read. */
export async function tellLogin({ tty, pid }: OwnLogin, order: Order): Promise<Obeyed> {
  if (order.do === 'close') {
    process.kill(pid, order.insist ? 'SIGKILL' : 'SIGHUP')
    return { done: true }
  }
  if (order.do !== 'say') return { refused: 'it is a text session: it has no X display' }
  const heading = textsFor(process.env).from(label(order.from))
  return await writeTo(`/dev/${tty}`, `\r\n\u0007*** ${heading}: ${label(order.text)}\r\n`)
}

/** As write(1) does it; one that was stopped by ^S is not waited for. */
async function writeTo(path: string, text: string): Promise<Obeyed> {
  const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants
  try {
    const file = await open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK)
    try {
      await file.write(text)
    } finally {
      await file.close()
    }
    return { done: true }
  } catch (error) {
    return { refused: `its terminal takes no message: ${(error as Error).message}` }
  }
}
