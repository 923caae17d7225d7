import type { DemoFrontend } from '../balancer/balancing.ts'
import type { World } from '../world.ts'

/** The processes of a front end: what stat(1) and tail(1) say of their files in `/proc`. */
export function processes(
  frontend: DemoFrontend | undefined,
  world: World,
): { readonly stats: string; readonly files: string } {
  if (!frontend) return { stats: '', files: '' }
  const active =
    world.balancing.balancers[0]?.services[0]?.reals.find((real) => real.frontend === frontend)?.active ?? 0
  const all = [
    { name: 'slapd', owner: 'openldap', open: Math.round(14 + active + frontend.leaked) },
    { name: 'freeradius', owner: 'freerad', open: 22 },
  ] as const
  const running = all.flatMap((one) => {
    const pid = world.daemons.pidOf(frontend.name, one.name)
    return pid === undefined ? [] : { ...one, pid }
  })
  const stats = running.map(
    ({ pid, owner, open }) => `stat ${open} root /proc/${pid}/fd\nstat 0 ${owner} /proc/${pid}\n`,
  )
  const files = running.map(
    ({ pid, name }) =>
      `==> /proc/${pid}/comm <==\n${name}\n\n==> /proc/${pid}/limits <==\nMax open files            1024                 4096                 files\n\n==> /proc/${pid}/status <==\nVmRSS:\t   48212 kB\nThreads:\t6\n\n==> /proc/${pid}/stat <==\n${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 900 300 0 0\n\n`,
  )
  return { stats: stats.join(''), files: files.join('') }
}
