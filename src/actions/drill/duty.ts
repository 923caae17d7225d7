import { lastSeenAt } from '../../fleet/aged.ts'
import type { FrontendService } from '../../fleet/frontend/frontends.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { joined, label, say } from '../../hosts/label.ts'
import type { Sight, Watched } from './kind.ts'
import { lookAtWeight, weightIn } from './look-weight.ts'
import { own, since, toldBy } from './timeline.ts'

/** The daemon that answers for a front end, and how vdd sees it. */
export interface Answering {
  readonly failed: 'directory.failed' | 'radius.failed'
  /** vdd asks it, and it answers well */
  isWell(host: string, snapshot: Snapshot): boolean
}

/** How a balancer sends people to a front end in one service, or does not. */
export function dutyOf(
  host: string,
  { balancer, virtual, real }: FrontendService,
  { failed, isWell }: Answering,
): Sight {
  const checkOf = ({ broken, entries }: Watched) =>
    since(broken, entries).find((one) => one.type === failed && one.host === host)
  const toldOf = ({ broken, entries }: Watched, types: readonly string[]) =>
    since(broken, entries).find(
      ({ type, text }) => type && types.includes(type) && text.startsWith(`${real} `),
    )
  const out = (watched: Watched) => toldOf(watched, ['frontend.out', 'frontend.removed'])
  return {
    looks: [{ host: balancer, look: lookAtWeight(virtual, real) }],
    isRestored: (changes, snapshot) => {
      const weights = changes.get(balancer) ?? []
      return weights.at(-1)?.value === weights[0]?.value && isWell(host, snapshot)
    },
    serving: (snapshot) => {
      if (lastSeenAt([{ balancer }], snapshot) !== undefined) return undefined
      const all = snapshot.services.find(({ name }) => name === virtual)?.reals ?? []
      const duties = [...Map.groupBy(all, ({ duty }) => duty)]
      const words = duties.map(
        ([duty, some]) =>
          say`${joined(
            some.map(({ name }) => name),
            ', ',
          )} ${label(duty)}`,
      )
      // Those that serve, first.
      return words.length
        ? joined(duties.some(([duty]) => duty === 'in service') ? words : [say`nobody`, ...words], '; ')
        : undefined
    },
    faultOf: (watched) => {
      const check = checkOf(watched)
      return own(watched, [check, out(watched)])?.fault.at ?? check?.at
    },
    marks: (watched) => {
      const weights = since(watched.broken, watched.changes.get(balancer) ?? [])
      const gone = weights.find(({ value }) => !weightIn(value))
      const again = gone && weights.find(({ at, value }) => at > gone.at && weightIn(value))
      const check = checkOf(watched)
      return {
        away: [
          {
            id: 'check',
            sign: 'C',
            title: say`vdd's check fails`,
            word: say`vdd's check`,
            absent: say`vdd's check saw nothing`,
            ...(check ? { seen: { at: check.at, uncertainty: 0 } } : {}),
          },
          {
            id: 'out',
            sign: 'O',
            title: say`taken out of the service`,
            word: say`taken out`,
            absent: say`not taken out`,
            ...(gone ? { seen: gone } : {}),
            told: toldBy(out(watched)),
          },
        ],
        home: [
          {
            id: 'in',
            sign: 'I',
            title: say`back in the service`,
            word: say`in service again`,
            ...(again ? { seen: again } : {}),
            told: toldBy(toldOf(watched, ['frontend.in'])),
          },
        ],
      }
    },
  }
}
