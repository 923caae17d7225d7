import type { Hit } from '../fleet/hit.ts'
import { listedPeople } from '../views/session/people.ts'

/** Whom and what a change hits; `null`: it hits nobody, whoever is there. */
export function hitsJson(hits: readonly Hit[]) {
  if (!hits.length) return null
  const sum = (of: (hit: Hit) => number) => hits.reduce((all, hit) => all + of(hit), 0)
  return {
    people: listedPeople([...new Set(hits.flatMap(({ sessions }) => sessions))]),
    connections: sum(({ open }) => open),
    through: sum(({ through }) => through),
    notKnownOf: [...new Set(hits.flatMap(({ silent }) => silent))],
  }
}
