import { type Change, permitted } from '../../actions/action.ts'
import type { Subject, Target } from '../../actions/subjects.ts'
import { actions } from '../../actions/table.ts'
import type { Console } from '../../console/console.ts'
import type { DirectoryRecord } from '../../fleet/directories.ts'
import type { FrontendRecord } from '../../fleet/frontends.ts'
import type { HostRecord, MachineRecord } from '../../fleet/model.ts'
import type { ServiceRecord } from '../../fleet/virtual-services.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { lineText } from '../../text/page.ts'
import type { Part } from '../../text/part.ts'
import { directoryLines } from '../../views/directory/page.ts'
import { frontendLines } from '../../views/frontend/page.ts'
import { machineFacts } from '../../views/machine/facts.ts'
import { serviceLines } from '../../views/service/page.ts'
import { hostText } from './texts.ts'

/** Columns of a page: nobody knows how wide the paper is. */
const width = 80

/** All that is known of one thing, as its page in the full screen has it. */
export function pageOf(subject: Subject, target: Target, console: Console): Label[] {
  const { snapshot, fleet } = console
  switch (subject) {
    case 'machine':
      return machineFacts(target as MachineRecord, snapshot, fleet.now()).map(
        ([name, value]) => say`${label(name)}: ${value}`,
      )
    case 'frontend':
      return texts(frontendLines(target as FrontendRecord, snapshot, fleet.now(), width))
    case 'service':
      return texts(serviceLines(target as ServiceRecord, snapshot, width))
    default:
      return [hostText(target as HostRecord, console)]
  }
}

export function directoryPage(directory: DirectoryRecord, console: Console): Label[] {
  return texts(directoryLines(directory, console.fleet.now(), width))
}

function texts(lines: readonly Part[][]): Label[] {
  return lines.filter(({ length }) => length > 0).map(lineText)
}

/** What can be done with it now. */
export function possible(subject: Subject, target: Target, { snapshot, fleet }: Console) {
  // A balancer is chosen as the host that it is.
  const own = [subject, ...(subject === 'host' ? ['balancer'] : [])]
  return actions.filter(
    (action) =>
      own.includes(action.subject) &&
      !(action.kind === 'look' && action.shows === 'details') &&
      permitted<unknown>(action as Change<unknown>, target, { fleet, snapshot }) === true,
  )
}
