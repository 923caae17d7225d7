import type { FrontendService } from '../../fleet/frontend/frontends.ts'
import type { ServiceRecord } from '../../fleet/service/record.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

type Real = Pick<FrontendService, 'real' | 'duty' | 'weight'>

interface Kept {
  readonly count: number
  readonly reals: readonly Real[]
}

/** Real servers whose weights a journal line keeps; a service may have thousands. */
const most = 100

export const serviceStanding: Standing<ServiceRecord, Kept> = {
  facts: ({ reals }) => ({
    count: reals.length,
    reals: reals.slice(0, most).map(({ real, duty, weight }) => ({ real, duty, weight })),
  }),
  words: ({ count, reals }, other) => {
    const known = new Set(other.reals.map(realWords))
    const own = reals.map(realWords).filter((one) => !known.has(one))
    return joined([say`${count} real server${count === 1 ? say`` : say`s`}`, ...own], ', ')
  },
}

function realWords({ real, duty, weight }: Real): Label {
  return say`${label(real)} ${label(duty)} with weight ${weight}`
}
