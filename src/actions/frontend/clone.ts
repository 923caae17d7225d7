import { isIP } from 'node:net'
import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { Change } from '../action.ts'
import { whichService } from './common.ts'
import { joining } from './joining.ts'
import { addressQuestion, clones, familyOf, takenByService, writableFor, wrongAddress } from './new-member.ts'

function takenBy(address: string, { frontends }: Snapshot): Label | undefined {
  const found = frontends.find((one) => one.address === address && one.services.length)
  return found && say`that is ${found.name} already; "add" on a service gives it one more`
}

export const clone: Change<FrontendRecord> = {
  ...joining(clones),
  single: true,
  subject: 'frontend',
  verb: 'clone',
  key: 'c',
  title: 'Clone',
  help: 'Adds a front end like this one: the same services, weights, forwarding and checks, another address.',
  available: writableFor,
  asks: [
    whichService,
    {
      ...addressQuestion,
      text: say`Address of the new one`,
      wrong: (value, frontend) =>
        isIP(value)
          ? wrongAddress(value, familyOf(frontend.address))
          : say`an IPv4 or IPv6 address; its ports are those of this one`,
      refuses: (value, _frontend, snapshot) => takenBy(value, snapshot) ?? takenByService(value, snapshot),
    },
  ],
}
