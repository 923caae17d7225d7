import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import { directoryOf, radiusMs, radiusOf } from '../../fleet/frontend/parts.ts'
import { secondsOrNull } from '../../text/json.ts'
import { readJson, shareJson } from '../balanced.ts'
import { directoryNote } from '../directory/facts.ts'
import { lagSeconds, ldapSeconds } from '../directory/json.ts'
import { fdJson } from '../process/json.ts'
import type { Moment } from '../world.ts'
import { radiusNote } from './facts.ts'

/** A front end as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function frontendJson(frontend: FrontendRecord, { snapshot, now }: Moment) {
  const { name, address, host, services } = frontend
  const directory = directoryOf(frontend, snapshot)
  const radius = radiusOf(frontend, snapshot)
  return {
    name,
    address,
    host: host ?? null,
    services: services.map((one) => ({
      virtual: one.virtual,
      real: one.real,
      balancer: one.balancer,
      ...shareJson(one),
      state: one.duty,
      ...readJson(one, snapshot),
    })),
    lagSeconds: directory ? lagSeconds(directory, now) : null,
    ldapSeconds: directory ? ldapSeconds(directory) : null,
    ldapTrouble: directory ? directoryNote(directory, now) || null : null,
    radiusSeconds: radius ? secondsOrNull(radiusMs(radius), 4) : null,
    radiusTrouble: radius ? radiusNote(radius) : null,
    fds: (snapshot.processes.get(host ?? '') ?? []).map(fdJson),
  }
}
