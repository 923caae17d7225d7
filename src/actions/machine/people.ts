import { hitTexts } from '../../fleet/display/people.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Change } from '../action.ts'

/** What people who work on a machine feel: their sessions end, stand still, or stumble. */
const felt = new Set(['shutdown', 'reboot', 'reset', 'off', 'pause', 'migrate'])

/** A change of a machine that says first whom it hits. Of several it says so once, for all of them together. */
export function tellingWhom(change: Change<MachineRecord>): Change<MachineRecord> {
  if (!felt.has(change.verb)) return change
  return {
    ...change,
    warns: (machine, answers, snapshot, together) => {
      const isFirst = together[0]?.uuid === machine.uuid
      return [
        ...(isFirst ? hitTexts(together, snapshot) : []),
        ...(change.warns?.(machine, answers, snapshot, together) ?? []),
      ]
    },
  }
}
