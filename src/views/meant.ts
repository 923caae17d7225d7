import { type KindOf, kinds, meantAmong, recordOf } from '../fleet/kinds.ts'
import type { Ref } from '../fleet/ref.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { containing } from './filter.ts'
import { isTableKind, shownKinds, viewOf } from './kinds.ts'
import { unknownText } from './source.ts'
import { everything, type ShownKind, type World } from './world.ts'

/** What somebody means who names one of a kind: that one, several of its list, or nothing, and then why. */
type Meant = { readonly id: string } | { readonly filter: string } | { readonly none: Label }

/** How those of a kind are named; what has no names, the events, is found by its text alone. */
function kindOf(kind: ShownKind): KindOf<unknown> | undefined {
  return (kinds as unknown as Partial<Record<ShownKind, KindOf<unknown>>>)[kind]
}

/** The names that may be typed for one of this kind. */
export function namesIn(kind: ShownKind, snapshot: Snapshot): readonly string[] {
  const known = kindOf(kind)
  return known ? [...new Set(known.all(snapshot).map(known.typed))] : []
}

/**
 * The one of this name; else the only one that has the word in its name; else those in whose rows it stands. Where there is none: what was
 * probably meant, and whether somebody has not told.
 */
export function meantIn(kind: ShownKind, word: string, world: World): Meant {
  const known = kindOf(kind)
  const all = known?.all(world.snapshot) ?? []
  const contains = containing(word)
  const named = known ? meantAmong(known, all, word) : []
  const like = known && !named.length ? all.filter((one) => contains(known.typed(one))) : named
  const [only, ...more] = like
  if (known && only !== undefined) return more.length ? { filter: word } : { id: known.id(only) }
  const view = viewOf(kind)
  const near = didYouMean(word, namesIn(kind, world.snapshot))
  const inRows = view.rows(world, { ...everything, sort: '', descending: false, filter: word })
  if (!near && inRows.length) return { filter: word }
  const unknown = unknownText(view.source?.tellers(world.snapshot) ?? [])
  return {
    none: say`no ${view.name} ${label(word)}${near ? say`. ${near}` : unknown ? say`; ${unknown}` : say``}`,
  }
}

/** All that has this name, of whatever kind: a host after what it does, for that is what it is looked at for. */
export function calledSo(word: string, world: World): readonly Ref[] {
  const found = shownKinds.filter(isTableKind).flatMap((kind) => {
    const known = kindOf(kind)
    const all = known?.all(world.snapshot) ?? []
    return known ? meantAmong(known, all, word).map((one) => ({ kind, id: known.id(one) })) : []
  })
  const hosts = found.flatMap(({ kind, id }) =>
    kind === 'host' ? (recordOf(kind, id, world.snapshot) ?? []) : [],
  )
  const does = shownKinds.find((kind) => hosts.some((host) => viewOf(kind).isFor?.(host, world)))
  return found.toSorted((a, b) => Number(b.kind === does) - Number(a.kind === does))
}

/** The names that may be typed for anything of the cluster. */
export function allNames(snapshot: Snapshot): readonly string[] {
  return [...new Set(shownKinds.flatMap((kind) => namesIn(kind, snapshot)))]
}

/** That nothing has this name, and what was probably meant. */
export function nothingCalled(word: string, snapshot: Snapshot): Label {
  const near = didYouMean(word, allNames(snapshot))
  return near ? say`nothing is called ${label(word)}. ${near}` : say`nothing is called ${label(word)}`
}
