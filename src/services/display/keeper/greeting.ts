import type { ScreenProtocol } from '../../screen-protocol.ts'
import { ChannelFailure } from './failure.ts'

/** Bytes of the version, of which a VNC server says the first word: `RFB 003.008` and a line feed. RFC 6143, 7.1.1. */
const versionLength = 12
/** Security types, RFC 6143, 7.1.2. */
const invalid = 0
const none = 1

/**
 * What the first bytes of the server of a screen mean for somebody who has no password for it. Undefined: there are too few of them yet. A sentence: nothing
 * will be seen, and why; `seen`: it lets in who is there.
 */
export const greetings: Readonly<Record<ScreenProtocol, GreetingOf>> = {
  vnc: greetingOfVnc,
  spice: greetingOfSpice,
  rdp: greetingOfRdp,
}
type GreetingOf = (bytes: Buffer) => 'seen' | ChannelFailure | undefined

function greetingOfVnc(bytes: Buffer): 'seen' | ChannelFailure | undefined {
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

/** Bytes before the server's answer: `REDQ`, the version, and the length of the answer. SPICE protocol, "Link". */
const linkLength = 16
/** Errors of the answer, and of what follows when the viewer has shown who it is. */
const needsTls = 5
const refused = 7

function greetingOfSpice(bytes: Buffer): 'seen' | ChannelFailure | undefined {
  if (bytes.length < linkLength) return undefined
  if (bytes.toString('latin1', 0, 4) !== 'REDQ')
    return new ChannelFailure('server-failed', 'what listens for the screen speaks no SPICE')
  const [answer, end] = [bytes.subarray(linkLength), bytes.readUInt32LE(linkLength - 4)]
  if (answer.length < 4) return undefined
  const errors = [answer.readUInt32LE(0), answer.length < end + 4 ? undefined : answer.readUInt32LE(end)]
  const [error] = errors.filter((one) => one !== 0)
  if (!errors.some((one) => one !== 0)) return 'seen'
  if (error === undefined) return undefined
  if (error === needsTls)
    return new ChannelFailure(
      'screen-locked',
      'the screen is shown with TLS alone',
      "take defaultMode and mode='secure' out of its <graphics>: what leaves its host is inside ssh",
    )
  return new ChannelFailure(
    error === refused ? 'screen-locked' : 'server-failed',
    error === refused
      ? 'the screen asks for a password that the hypervisor does not tell'
      : `the screen is not shown: SPICE says error ${error}`,
    error === refused ? 'is it valid any longer? virsh dumpxml --security-info has it' : '',
  )
}

/** Bytes of the first answer, which has no key and no picture yet: MS-RDPBCGR 2.2.1.2. */
const confirmLength = 11
/** Its code (X.224, 13.4), and what follows where the server refuses how the viewer wants to speak to it. */
const confirm = 0xd0
const failure = 3

function greetingOfRdp(bytes: Buffer): 'seen' | ChannelFailure | undefined {
  if (bytes.length < confirmLength) return undefined
  if (bytes[0] !== 3 || bytes[5] !== confirm)
    return new ChannelFailure('server-failed', 'what listens for the screen speaks no RDP')
  const length = bytes.readUInt16BE(2)
  if (bytes.length < length) return undefined
  if (length <= confirmLength || bytes[confirmLength] !== failure) return 'seen'
  return new ChannelFailure(
    'server-failed',
    `the RDP server refuses: failure code ${bytes.readUInt32LE(confirmLength + 4)}`,
  )
}
