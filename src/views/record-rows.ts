import { type KindOf, kinds, type Records, recordOf } from '../fleet/kinds.ts'
import type { Kind } from '../fleet/ref.ts'
import { arranged, type Traits } from './arrangement.ts'
import type { View } from './view.ts'
import type { Hits, World } from './world.ts'

type Rows<T> = Pick<
  View<T>,
  'rows' | 'rowId' | 'of' | 'hostsOf' | 'sorts' | 'hits' | 'opens' | 'find' | 'hitsOf'
>

/** What the view of a kind has where each row of its table is one object, whose page it opens. `hits`: what keys act on there, in both. */
export function recordRows<K extends Kind>(
  kind: K,
  traits: Traits<Records[K]>,
  hits: (one: Records[K], world: World) => Hits,
): Rows<Records[K]> {
  const { all, id }: KindOf<Records[K]> = kinds[kind]
  return {
    rows: (world, arrangement) => arranged(all(world.snapshot), arrangement, world, traits),
    rowId: id,
    of: (row) => row,
    hostsOf: traits.hostsOf,
    sorts: traits.sorts,
    hits,
    opens: (row) => ({ kind, id: id(row) }),
    find: (id, { snapshot }) => recordOf(kind, id, snapshot),
    hitsOf: hits,
  }
}
