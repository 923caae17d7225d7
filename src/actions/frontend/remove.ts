import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Change } from '../action.ts'
import { reloadWarnings } from '../balancer/reload-warnings.ts'
import { common, lastOne, leftOut, only, remarks, whichService } from './common.ts'
import { hasChecks, removeSteps } from './member-plan.ts'
import { clones, configuredIn, portOf, realIn, writableFor } from './new-member.ts'
import { chosen, entriesOf, maintenanceFiles } from './plan.ts'

/** What to do before connections that are open are cut. */
function drainFirst(services: readonly FrontendService[]): Label | undefined {
  const open = services.reduce((sum, { active }) => sum + active, 0)
  if (!open) return undefined
  const ends = open === 1 ? say`its open connection has ended` : say`its ${open} open connections have ended`
  return say`drain it first, and wait until ${ends}`
}

export const remove: Change<FrontendRecord> = {
  ...common,
  verb: 'remove',
  key: 'X',
  title: 'Remove',
  help: 'Takes a front end out of the tables and of the configurations of ldirectord, for good.',
  risk: 'destructive',
  patience: 60,
  oneByOne: true,
  available: writableFor,
  asks: [whichService],
  insists: (frontend, answers, snapshot, together) =>
    lastOne(frontend, answers, snapshot, together) ?? drainFirst(chosen(frontend, answers)),
  hits: 'ends',
  warns: (frontend, answers, snapshot) => {
    const services = chosen(frontend, answers)
    const first = drainFirst(services)
    return [
      ...(first ? [first] : []),
      ...reloadWarnings(
        entriesOf(frontend, answers, snapshot).map(({ balancer }) => balancer),
        services,
      ),
    ]
  },
  plan: (frontend, answers, { fleet, snapshot }) =>
    removeSteps(entriesOf(frontend, answers, snapshot), fleet),
  settled: (frontend, answers, snapshot) => {
    const isLeft = ({ virtual, real }: FrontendService) =>
      realIn(virtual, real, snapshot) ||
      snapshot.balancers.some(
        (balancer) => !balancer.lvsTrouble && configuredIn(balancer, virtual)?.some(({ id }) => id === real),
      )
    return !chosen(frontend, answers).some(isLeft) || undefined
  },
  remark: (frontend, answers, snapshot) => {
    const files = maintenanceFiles(frontend.address, snapshot)
    return remarks([
      leftOut(snapshot),
      files.length > 0 && say`its maintenance file stays: ${label(files.join(', '))}`,
      chosen(frontend, answers).length === frontend.services.length &&
        frontend.host !== undefined &&
        say`the configuration of vdd still names it`,
    ])
  },
  undo: (frontend, answers, before) => {
    const gone = clones(frontend, { ...answers, address: frontend.address }, before)
    const targets = gone.flatMap(({ virtual, id }) => {
      const service = before.services.find(({ name }) => name === virtual)
      // Adding does not ask for a different port.
      return service && portOf(service) === Number(/\d+$/.exec(id)?.[0]) ? [service.name] : []
    })
    const [forward, weight] = [only(gone.map((one) => one.forward)), only(gone.map((one) => one.weight))]
    const hasOwnChecks = entriesOf(frontend, answers, before).some(hasChecks)
    if (!forward || weight === undefined || hasOwnChecks || targets.length < gone.length) return undefined
    return { verb: 'add', answers: { address: frontend.address, forward, weight: String(weight) }, targets }
  },
}
