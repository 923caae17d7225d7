import { describe, expect, it } from 'vitest'
import {
  type ChannelTarget,
  closeChannel,
  lockChannel,
  raiseChannel,
  reconnectChannel,
  resizeChannel,
  sayOnChannel,
  showChannel,
} from '../../../src/services/display/verbs.ts'

const target = (given: Partial<ChannelTarget> = {}): ChannelTarget => ({
  host: 'd1',
  vdd: '/usr/local/bin/vdd',
  channel: { id: 'k7q2mz', rawUser: 'anna', uid: 1003 },
  ...given,
})

describe('the verbs of channels', () => {
  const as = ['sudo', '-n', '-u', 'anna', '--', '/usr/local/bin/vdd', 'channel', 'tell', 'k7q2mz']

  it.each([
    [closeChannel(target(), 'asks'), ['close']],
    [closeChannel(target(), 'insists'), ['close', '--insist']],
    [closeChannel(target(), 'clears'), ['close']],
    [reconnectChannel(target()), ['reconnect']],
    [raiseChannel(target()), ['raise']],
    [resizeChannel(target(), '1280x1024'), ['resize', '1280x1024']],
    [sayOnChannel(target(), '--insist'), ['say', '--', '--insist']],
    [lockChannel(target()), ['lock']],
    [showChannel(target(), '--insist'), ['view', '--', '--insist']],
  ])('tell a channel as its owner: %#', (step, words) => {
    expect(step.argv).toEqual([...as, ...words])
    expect(step.host).toBe('d1')
  })

  it('need no sudo for who is the owner', () => {
    expect(raiseChannel(target({ user: 'anna' })).argv).toEqual(as.slice(5).concat('raise'))
    expect(raiseChannel(target({ user: 'operator' })).argv[0]).toBe('sudo')
  })

  it.each(['-u', '1003', 'DOMAIN\\anna', 'anna root', 'a\nb', '', '#0'])(
    'name an owner %j by number',
    (rawUser) => {
      const { argv } = raiseChannel(target({ channel: { id: 'k7q2mz', rawUser, uid: 1003 } }))
      expect(argv.slice(0, 5)).toEqual(['sudo', '-n', '-u', '#1003', '--'])
    },
  )

  it.each([
    ['sudo: a password is required\n', 'sudo: a password is required', /sudoers/],
    [
      'Sorry, user op is not allowed to execute x as anna on d1.\n',
      'Sorry, user op is not allowed to execute x as anna on d1.',
      /sudoers/,
    ],
    ['no such channel: k7q2mz\n', 'no such channel: k7q2mz', /^$/],
  ])('say why they were refused: %j', (stderr, reason, advice) => {
    const error = raiseChannel(target()).refusal?.('d1', stderr)
    expect(error?.reason).toBe(reason)
    expect(error?.advice).toMatch(advice)
  })
})
