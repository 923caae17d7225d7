import { HostError } from './host.ts'
import { type Label, label, say } from './label.ts'
import type { SshTarget } from './ssh-config.ts'

/**
 * Turns what ssh2 or the socket says into a `HostError`, with a next step for the operator.
 *
 * @param host the host that was asked; `target` is it, or a hop on the way to it
 */
export function connectionError(host: string, target: SshTarget, error: Error): HostError {
  const where = say`${label(target.address)} port ${target.port}`
  const hop = via(host, target)
  const because = (reason: Label, advice: Label) =>
    new HostError('unreachable', host, say`${hop}${reason}`, advice)
  const code = 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ECONNREFUSED':
      return because(say`connection refused by ${where}`, label('is sshd running there, on this port?'))
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return because(say`no route to ${where}`, label('is it switched on, and is the network up?'))
    case 'ETIMEDOUT':
      return because(
        say`no answer from ${where}`,
        label('is it switched on? does a firewall drop the packets?'),
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return because(say`the name ${label(target.address)} is not known`, label('correct the name or DNS'))
    case 'ECONNRESET':
    case 'EPIPE':
      return because(say`${where} closed the connection`, label('see the log of sshd there'))
  }
  return because(...byMessage(error.message, where))
}

/** Says which hop it was, when it was not the host itself. */
export function via(host: string, target: SshTarget): Label {
  return target.name === host ? label('') : say`jump host ${label(target.name)}: `
}

function byMessage(message: string, where: Label): [reason: Label, advice: Label] {
  if (/Timed out while waiting for handshake/.test(message))
    return [say`${where} did not answer in time`, label('is it switched on? is it overloaded or hung?')]
  if (/Keepalive timeout/.test(message))
    return [label('connection lost: the host answers no more'), label('is it hung, or the network down?')]
  if (/Connection lost before handshake/.test(message))
    return [say`${where} closed the connection at once`, label('see the log of sshd there; MaxStartups?')]
  if (/no matching host key/i.test(message))
    return [
      label('no host key algorithm in common'),
      label('for an old sshd: HostKeyAlgorithms +ssh-rsa in ssh_config'),
    ]
  return [label(message), label('')]
}

/**
 * The other side closed the connection before it said what it is: too many were at its door at that moment (MaxStartups, sshd_config(5)), and the next one may
 * be let in.
 */
export class Dropped extends HostError {
  constructor({ host, reason }: HostError) {
    super('unreachable', host, reason, label('see the log of sshd there; MaxStartups?'))
  }
}

/** Whether the other side has closed the connection. */
export function isCut(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return ['ECONNRESET', 'EPIPE'].includes(code) || /connection lost before handshake/i.test(error.message)
}

/** Whether a host did not take one more session; sshd says "open failed" beyond MaxSessions. RFC 4254, 5.1. */
export function isRefusedSession(error: unknown): boolean {
  return error instanceof Error && /Channel open failure/.test(error.message)
}

/** Why a command was not started on a connection that stands. */
export function channelError(host: string, error: unknown): HostError {
  if (isRefusedSession(error)) {
    const advice = label('MaxSessions in its sshd_config must be 10 (the default) or more')
    return new HostError('unreachable', host, label('the host refused another session'), advice)
  }
  const why = label(error instanceof Error ? error.message : String(error))
  const advice = label('is the login restricted in authorized_keys or sshd_config?')
  return new HostError('exec', host, say`the host refused to run a command: ${why}`, advice)
}

/** Why the host did not connect any further. It tells reasons in words only: RFC 4254, 5.1. */
export function forwardError(host: string, error: Error): HostError {
  if (/administratively prohibited/i.test(error.message))
    return new HostError(
      'refused',
      host,
      label('sshd does not connect any further'),
      label('AllowTcpForwarding and AllowStreamLocalForwarding in its sshd_config'),
    )
  const why = /(?:Channel open failure:|Connection refused).*$/i.exec(error.message)?.[0] ?? error.message
  const words = why.replace(/^Channel open failure: */i, '').replace(/^open failed$/i, '')
  return new HostError('unreachable', host, label(words || 'nothing listens there'))
}
