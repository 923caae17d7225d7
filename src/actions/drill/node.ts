import { say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import { named, onlineNode, standbyNode } from '../../services/pacemaker/verbs.ts'
import { canBeTold } from '../cluster/teller.ts'
import { withOthers } from './holding.ts'
import type { DrillKind } from './kind.ts'

/** crm_standby(8): a node that dies meanwhile, and with it what puts it back, is not on standby when it comes again. */
const untilReboot = ['--lifetime', 'reboot'] as const

/** A node of Pacemaker. Its corosync is not killed: without fencing all that it has would run twice, and with fencing it is switched off. */
export const nodeDrill: DrillKind<'node'> = {
  name: 'node',
  subject: 'node',
  help: 'Puts a node of Pacemaker on standby, so that the others take what it has.',
  hows: { standby: 'on standby' },
  plan: (node, _how, about) => {
    const canBe = canBeTold(node, about.snapshot)
    if (canBe !== true) return canBe
    const found = withOthers(node, about)
    if (typeof found === 'string') return found
    return {
      ...found,
      kind: 'node',
      breaking: {
        title: say`puts ${node.name} on standby`,
        past: say`on standby`,
        back: say`brings it back`,
        words: [],
        checks: '',
        // Its own host is told, which is the one that puts it back.
        breaks: quote([...standbyNode(found.host, named(node.name)).argv, ...untilReboot]),
        putsBack: quote([...onlineNode(found.host, named(node.name)).argv, ...untilReboot]),
      },
    }
  },
}
