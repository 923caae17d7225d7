import type { HostRecord } from '../../fleet/host/record.ts'
import { say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

export const hostStanding: Standing<HostRecord, { readonly machines: number | null }> = {
  facts: ({ machines }) => ({ machines: machines ?? null }),
  words: ({ machines }) =>
    machines === null ? undefined : say`${machines} machine${machines === 1 ? say`` : say`s`}`,
}
