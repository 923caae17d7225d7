import { type Change, permitted } from '../../actions/action.ts'
import { actions } from '../../actions/table.ts'
import type { Console } from '../../console/console.ts'
import type { Kind } from '../../fleet/ref.ts'
import { type Label, say } from '../../hosts/label.ts'
import { lineText } from '../../text/page.ts'
import type { Part } from '../../text/part.ts'
import { viewOf } from '../../views/kinds.ts'
import type { Hits, World } from '../../views/world.ts'

/** Columns of a page: nobody knows how wide the paper is. */
const width = 80

/** All that is known of one thing, as its page in the full screen has it. */
export function pageOf(kind: Kind, one: unknown, world: World): Label[] {
  const lines = viewOf(kind).page(one, world, width)
  return lines.filter(({ length }) => length > 0).map(spoken)
}

/** `Name: web1`: what stands in a column of its own is read before what it is about. */
function spoken(parts: readonly Part[]): Label {
  const [first, ...rest] = parts
  const title = typeof first === 'object' && first[1] === 'heading' ? (first[0].trim() as Label) : undefined
  if (title === undefined || !rest.length) return lineText(parts)
  const text = lineText(rest).trim() as Label
  return title ? say`${title}: ${text}` : text
}

/** What can be done now with what is chosen, and what belongs to it. */
export function possible(hits: Hits, { snapshot, fleet, past }: Console) {
  // Nothing is done to what is over.
  if (past) return []
  return actions.filter((action) => {
    const target = hits[action.subject]
    if (!target || (action.kind === 'look' && action.shows === 'details')) return false
    return permitted<unknown>(action as Change<unknown>, target, { fleet, snapshot }) === true
  })
}
