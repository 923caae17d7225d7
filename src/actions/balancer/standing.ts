import type { HostRecord } from '../../fleet/host/record.ts'
import { say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

const words = {
  stopped: say`ldirectord stopped`,
  'not loaded': say`configuration changed and not loaded`,
  loaded: say`configuration loaded`,
} as const

export const balancerStanding: Standing<HostRecord, { readonly ldirectord: keyof typeof words }> = {
  facts: ({ name }, { balancers }) => {
    const { ldirectord } = balancers.find(({ host }) => host === name) ?? {}
    if (!ldirectord) return undefined
    return { ldirectord: !ldirectord.daemon ? 'stopped' : ldirectord.notLoaded ? 'not loaded' : 'loaded' }
  },
  words: ({ ldirectord }) => words[ldirectord],
}
