import { printed } from './printed.ts'

/** A process of this machine, as ps(1) lists it. */
export interface Listed {
  readonly pid: number
  readonly parent: number
  /** the process that leads its session: of a login its shell */
  readonly leader: number
  readonly uid: number
  readonly user: string
  /** `pts/3`, `tty1`; `?`: it has none */
  readonly tty: string
  /** its program's name, at most 15 letters */
  readonly name: string
  /** milliseconds since the epoch */
  readonly startedAt: number
}

export type Processes = ReadonlyMap<number, Listed>

const fields = ['pid', 'ppid', 'sess', 'uid', 'etimes', 'user:32', 'tty', 'comm'].map((one) => `-o${one}=`)

/** All processes, by their numbers. */
export async function listProcesses(now: number): Promise<Processes> {
  const text = await printed(['ps', '-e', ...fields])
  const listed = (text ?? '').split('\n').flatMap((line) => {
    const [, pid, parent, leader, uid, age, user = '', tty = '', name = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? []
    if (pid === undefined) return []
    const startedAt = now - Number(age) * 1000
    return {
      pid: Number(pid),
      parent: Number(parent),
      leader: Number(leader),
      uid: Number(uid),
      user,
      tty,
      name,
      startedAt,
    }
  })
  return new Map(listed.map((one) => [one.pid, one]))
}
