import type { NodeLook } from '../node-watch.ts'
import { readKeepalived, readSlow, type Slow } from './client.ts'
import type { KeepalivedTold } from './facts.ts'

/** Which addresses keepalived has put on a host, and what it says of them. */
export function lookAtKeepalived(sudo: boolean): NodeLook<Slow, KeepalivedTold> {
  return async (asking, { seldom, begin, expect }) => {
    const slow = await seldom(() => readSlow({ ...asking, sudo }))
    expect(slow.configured.flatMap(({ addresses }) => addresses))
    begin()
    return { keepalived: await readKeepalived(asking, slow) }
  }
}
