import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

interface Kept {
  readonly services: readonly Pick<FrontendService, 'virtual' | 'duty' | 'weight'>[]
}

export const frontendStanding: Standing<FrontendRecord, Kept> = {
  facts: ({ services }) => ({
    services: services.map(({ virtual, duty, weight }) => ({ virtual, duty, weight })),
  }),
  words: frontendWords,
}

/** `in service, weight 4`, or where its services differ `389: in service, weight 4; 1812: maintenance, weight 0`. */
export function frontendWords({ services }: Kept): Label | undefined {
  if (!services.length) return undefined
  const one = ({ duty, weight }: (typeof services)[number]) => say`${label(duty)}, weight ${weight}`
  const all = services.map(one)
  if (new Set(all).size === 1) return all[0]
  const port = ({ virtual }: (typeof services)[number]) => label(/:(\d+)$/.exec(virtual)?.[1] ?? virtual)
  return joined(
    services.map((service) => say`${port(service)}: ${one(service)}`),
    '; ',
  )
}
