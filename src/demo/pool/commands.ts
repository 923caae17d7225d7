import type { Commands } from '../command.ts'
import { poolInfo, volumeList } from './storage.ts'

/** What virsh says of storage pools. */
export const poolCommands: Commands = {
  'pool-list': () => ({ out: 'default\n\n' }),
  'pool-info': (world, host) => ({ out: poolInfo(world, host) }),
  'vol-list': (world, host) => ({ out: volumeList(world, host) }),
  'vol-create-as': (_world, _host, words) => ({
    out: `Vol ${words[words.indexOf('--name') + 1]} created\n\n`,
  }),
}
