import { describe, expect, it } from 'vitest'
import { xvncWords } from '../../../src/services/display/keeper/kept.ts'
import { chooseSession } from '../../../src/services/display/keeper/opener.ts'
import { openXephyr, whyEnded, xephyrWords } from '../../../src/services/display/keeper/xephyr.ts'
import { type Answer, type Said, wishSchema } from '../../../src/services/display/opening.ts'
import { placeOfDisplay } from '../../../src/services/display/x11/outer.ts'

const all = ['icewm', 'openbox', 'plasma'].map((id) => ({ id, name: id.toUpperCase() }))

async function chosen(wish: object, answer: Answer = { session: 'openbox' }, of = all) {
  const said: Said[] = []
  const opener = {
    wish: wishSchema.parse({ machine: { name: 'web1' }, ...wish }),
    signal: new AbortController().signal,
    say: (one: Said) => said.push(one),
    answer: async () => answer,
  }
  const result = await chooseSession(of, opener).then(
    ({ id }) => id,
    ({ kind, message }) => `${kind}: ${message}`,
  )
  return [result, said]
}

describe('the session manager of a channel', () => {
  it('is the one that was wished, without a question', async () => {
    expect(await chosen({ session: 'plasma' })).toEqual(['plasma', []])
  })

  it('is asked for among those that the catalogue offers', async () => {
    expect(await chosen({ sessions: ['icewm', 'openbox', 'gnome'] })).toEqual([
      'openbox',
      [{ asks: 'session', choices: all.slice(0, 2) }],
    ])
  })

  it('is not asked for where there is but one', async () => {
    expect(await chosen({ sessions: ['plasma'] })).toEqual(['plasma', []])
  })

  it.each([
    [
      'that is not there',
      { session: 'gnome' },
      undefined,
      'web1 has no session gnome; it has: icewm, openbox, plasma',
    ],
    [
      'that is not offered',
      { session: 'icewm', sessions: ['plasma'] },
      undefined,
      'web1 has no session icewm; it has',
    ],
    [
      'that was not asked for',
      {},
      { session: 'gnome' },
      'web1 has no session gnome; it has: icewm, openbox, plasma',
    ],
    [
      'of which none is there',
      { sessions: ['gnome'] },
      undefined,
      'web1 has no session of gnome; it has: icewm',
    ],
  ] as const)('is no other: one %s is told', async (_what, wish, answer, why) => {
    expect((await chosen(wish, answer))[0]).toContain(`no-session: ${why}`)
  })

  it('is missing on a machine that has none', async () => {
    expect((await chosen({}, undefined, []))[0]).toBe(
      'no-session: web1 has no session in /usr/share/xsessions; it has: none',
    )
  })
})

describe('Xephyr', () => {
  const words = xephyrWords({ authority: '/x/auth', id: 'abc234', title: 'web1', size: 'full' })

  it('is reached by its socket alone, and only with its cookie', () => {
    const text = words.join(' ')
    expect(text).toContain('-auth /x/auth -nolisten tcp')
    expect(text).not.toMatch(/ -ac\b| -listen /)
  })

  it('that is not installed is said to be missing, with what to do', async () => {
    const options = { id: 'abc234', title: '', size: 'full', authority: '/x', folder: '/x' } as const
    const opened = openXephyr(
      { ...options, env: { PATH: '/nowhere', DISPLAY: ':0' } },
      new AbortController().signal,
    )
    await expect(opened).rejects.toMatchObject({
      kind: 'no-server',
      advice: 'apt-get install xserver-xephyr',
    })
  })

  it.each([
    ['Xephyr cannot open host display. Is DISPLAY set properly?', 'display-refused'],
    ['_XSERVTransSocketUNIXCreateListener: failed\nserver already running\nFatal: no room', 'server-failed'],
  ])('tells by its last words why it ended: %j', (words, kind) => {
    const { kind: told, message } = whyEnded(words)
    expect(told).toBe(kind)
    expect(message).not.toContain('already running')
  })

  it('takes the whole screen, or so many pixels', () => {
    expect(words).toContain('-fullscreen')
    const small = xephyrWords({ authority: '', id: '', title: '', size: { width: 640, height: 480 } })
    expect(small.join(' ')).toContain('-screen 640x480')
  })
})

describe('Xvnc', () => {
  const folder = '/run/vdd/1000/abc234'
  const words = xvncWords({ title: 'web1', authority: '/x/auth', folder }, { width: 800, height: 600 }).join(
    ' ',
  )

  it('is reached by sockets in the channel’s own folder alone', () => {
    expect(words).toContain('-auth /x/auth -nolisten tcp')
    expect(words).toContain(`-rfbport -1 -rfbunixpath ${folder}/screen -rfbunixmode 0600`)
    expect(words).not.toMatch(/ -ac\b| -listen /)
  })

  it('is as large as it has to be', () => expect(words).toContain('-geometry 800x600'))
})

describe('the name of a display', () => {
  it.each([
    [':0', { path: '/tmp/.X11-unix/X0' }],
    [':12.1', { path: '/tmp/.X11-unix/X12' }],
    ['unix:3', { path: '/tmp/.X11-unix/X3' }],
    ['disp1/unix:10', { path: '/tmp/.X11-unix/X10' }],
    ['localhost:10.0', { host: 'localhost', port: 6010 }],
    ['term3:0', { host: 'term3', port: 6000 }],
    ['[fe80::1]:0', { host: 'fe80::1', port: 6000 }],
    ['', undefined],
    ['term3', undefined],
    [':0; rm', undefined],
  ])('%j says where its server listens', (display, place) => {
    expect(placeOfDisplay(display)).toEqual(place)
  })
})
