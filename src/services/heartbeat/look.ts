import type { NodeLook } from '../node-watch.ts'
import { readHeartbeat, readSlow, type Slow } from './client.ts'
import type { HeartbeatTold } from './facts.ts'

/** What a node of heartbeat hears of the other, and what it has of what they carry. */
export const lookAtHeartbeat: NodeLook<Slow, HeartbeatTold> = async (asking, { seldom, begin, expect }) => {
  const slow = await seldom(() => readSlow(asking))
  expect(slow.carried.filter(({ kind }) => kind === 'address').map(({ name }) => name))
  begin()
  return { heartbeat: await readHeartbeat(asking, slow) }
}
