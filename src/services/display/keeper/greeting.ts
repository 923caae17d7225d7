import { ChannelFailure } from './failure.ts'

/** Bytes of the version, of which a VNC server says the first word: `RFB 003.008` and a line feed. RFC 6143, 7.1.1. */
const versionLength = 12
/** Security types, RFC 6143, 7.1.2. */
const invalid = 0
const none = 1

/**
 * What the first bytes of a VNC server mean for somebody who has no password for it. Undefined: there are too few of them yet. A sentence: nothing will be
 * seen, and why; `seen`: it lets everybody in who is there.
 */
export function greetingOf(bytes: Buffer): 'seen' | ChannelFailure | undefined {
  if (bytes.length < versionLength) return undefined
  const version = /^RFB (\d{3})\.(\d{3})\n$/.exec(bytes.subarray(0, versionLength).toString('latin1'))
  if (!version) return new ChannelFailure('server-failed', 'what listens for the screen speaks no VNC')
  const rest = bytes.subarray(versionLength)
  // Before 3.7 the server chooses, and says so in four bytes.
  const isOld = Number(version[1]) < 3 || (Number(version[1]) === 3 && Number(version[2]) < 7)
  if (isOld) return rest.length < 4 ? undefined : verdict([rest.readUInt32BE(0)])
  const count = rest[0]
  if (count === undefined || rest.length <= count) return undefined
  return verdict(count === 0 ? [invalid] : [...rest.subarray(1, 1 + count)])
}

function verdict(types: readonly number[]): 'seen' | ChannelFailure {
  if (types.includes(none)) return 'seen'
  if (types.includes(invalid))
    return new ChannelFailure('screen-locked', 'the hypervisor lets nobody look at the screen now')
  return new ChannelFailure(
    'screen-locked',
    `the screen asks for a password of its own (security types ${types.join(', ')})`,
    'take passwd out of its <graphics>: it listens for its own host alone, and what leaves that is inside ssh',
  )
}
