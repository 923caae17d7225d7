/** Milliseconds of this thread's own work, so that a busy machine counts for nothing. */
function cost(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** So much more is the most. Work that grows with the square takes 256 times as long. */
export const more = 16
/** Milliseconds below which the clock says nothing: the collector of garbage alone takes some. */
const floor = 1
/** Sixteen times the work, and as much again and again for the collector of garbage and for a busy machine. */
export const bound = 60

/** How many times as long sixteen times as much takes, at best. */
export function growth(few: () => unknown, many: () => unknown): number {
  let factor = Number.POSITIVE_INFINITY
  // An expression is compiled when it is used for the second time.
  for (let i = 0; i < 2; i++) few()
  // On a busy machine a short one is held up now and then: what it takes is what it takes at best.
  const short = Math.max(floor, Math.min(...[1, 2, 3].map(() => cost(few))))
  for (let tries = 0; tries < 5 && factor > bound; tries++) factor = Math.min(factor, cost(many) / short)
  return factor
}
