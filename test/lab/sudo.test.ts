import { expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'

const broker = ['vdd', 'desk-broker']
const asBroker = ['sudo', '-n', '-u', 'vdd-desk']
/** Of somebody who is on every Debian. */
const daemon = ['SUDO_UID=1', 'SUDO_USER=daemon']

/** What anna tries so that the broker takes her for another, or does something else for her. `taken`: it answers, and knows her nevertheless. */
const tries: readonly { what: string; argv: readonly string[]; taken?: true }[] = [
  { what: 'as is meant', argv: [...asBroker, ...broker], taken: true },
  { what: 'with a name in her environment', argv: ['env', ...daemon, ...asBroker, ...broker], taken: true },
  {
    what: 'with programs in her environment',
    argv: [
      'env',
      'VDD_NODE=/bin/sh',
      'NODE_OPTIONS=--require=/tmp/x.js',
      'LD_PRELOAD=/tmp/x.so',
      'BASH_ENV=/tmp/x.sh',
      'ENV=/tmp/x.sh',
      'PATH=/tmp:/usr/local/bin:/usr/bin:/bin',
      ...asBroker,
      ...broker,
    ],
    taken: true,
  },
  { what: 'with a name that sudo is to set', argv: [...asBroker, ...daemon, ...broker] },
  { what: 'with all of her environment', argv: [...asBroker, '-E', ...broker] },
  {
    what: 'with a name that sudo is to leave',
    argv: ['env', ...daemon, ...asBroker, '--preserve-env=SUDO_UID,SUDO_USER', ...broker],
  },
  { what: 'with a configuration of hers', argv: [...asBroker, ...broker, '--config', '/tmp/own.yaml'] },
  { what: 'in a directory of hers', argv: [...asBroker, '-D', '/tmp', ...broker] },
  { what: 'as another verb', argv: [...asBroker, 'vdd', 'events'] },
  { what: 'as a shell', argv: [...asBroker, 'sh', '-c', 'id'] },
  { what: 'as root', argv: ['sudo', '-n', ...broker] },
]

describeLab('the broker, behind a real sudo', () => {
  const lab = Lab.forThisFile('display')

  it('knows who asks by what sudo tells, whatever she tells sudo', async () => {
    const had: string[] = []
    for (const [i, { what, argv }] of tries.entries()) {
      const request = `${JSON.stringify({ n: 1, ask: 'machine', system: `try-${i}` })}\n`
      const said = await lab
        .onWith(request, 'disp1', 'lab-as', 'anna', ...argv)
        .catch((error: Error) => error.message)
      if (/"no":"not-for-you"/.test(said)) had.push(what)
      else expect(said, what).toMatch(/sudo: (a password is required|sorry|you are not permitted)/)
    }
    expect(had).toEqual(tries.filter(({ taken }) => taken).map(({ what }) => what))
    // Without sudo it is a program of hers, which may believe what it likes: nothing of that reaches the real one.
    const own = `${JSON.stringify({ n: 1, ask: 'machine', system: 'try-99' })}\n`
    await lab.onWith(own, 'disp1', 'lab-as', 'anna', 'env', ...daemon, ...broker)
    const journal = await lab.on('disp1', 'runuser', '-u', 'vdd-desk', '--', 'vdd', 'events', '--json')
    const told = (JSON.parse(journal) as { who?: string; text: string }[]).filter(({ text }) =>
      /try-\d/.test(text),
    )
    expect(told.map(({ who }) => who)).toEqual(had.map(() => expect.stringMatching(/^anna\b/)))
  })
})
