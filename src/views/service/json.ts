import { amissText } from '../../fleet/balancer/serving.ts'
import type { ServiceRecord } from '../../fleet/service/record.ts'
import { readJson, shareJson } from '../balanced.ts'
import type { Moment } from '../world.ts'

/** A virtual service as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function serviceJson(service: ServiceRecord, { snapshot }: Moment) {
  const { name, balancer, scheduler, flags, fallback, reals } = service
  return {
    name,
    balancer,
    trouble: service.amiss ? amissText(service.amiss) : null,
    ...readJson(service, snapshot),
    scheduler,
    flags,
    fallback: fallback ?? null,
    reals: reals.map((one) => ({
      name: one.name,
      real: one.real,
      state: one.duty,
      ...shareJson(one),
    })),
  }
}
