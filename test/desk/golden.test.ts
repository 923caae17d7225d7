import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskAtWork } from '../../src/desk/at-work.ts'
import { MadeUpSurroundings } from '../../src/desk/made-up.ts'
import type { Page } from '../../src/desk/state.ts'
import { languages } from '../../src/desk/texts/voice.ts'
import { freeze, pass, settle, thaw } from '../support/frozen.ts'
import { forgotten, golden } from '../support/golden.ts'
import { profileOf, textOf } from '../support/stage.tsx'
import { deskAtWork, look, passUntil, places, press } from './support/stage.tsx'

type Way = (work: DeskAtWork) => Promise<void>

const opened: Way = async (work) => {
  await press(work, '1', '1')
  await passUntil(work, 'open')
}

/** Debian is open, and the person is at the choices again. */
const home: Way = async (work) => {
  await opened(work)
  await press(work, 'escape')
}

/** How one comes to each page. One that is not here does not compile. */
const pages: Readonly<Record<Page['at'], Way>> = {
  home,
  again: async (work) => {
    await home(work)
    await press(work, '1')
  },
  session: async (work) => press(work, '1'),
  progress: async (work) => {
    await press(work, '5')
    await pass(9_000)
  },
  password: async (work) => {
    await press(work, '3')
    await passUntil(work, 'password')
    await press(work, ...'secret')
  },
  open: opened,
  close: async (work) => {
    await opened(work)
    await press(work, 'c')
  },
  closing: async (work) => {
    await opened(work)
    await press(work, 'c', '1')
  },
  failed: async (work) => {
    await press(work, '6')
    await passUntil(work, 'failed')
  },
  leave: async (work) => {
    await home(work)
    await press(work, 'escape')
  },
  leaving: async (work) => {
    await press(work, '3')
    await passUntil(work, 'password')
    await press(work, ...'demo', 'return')
    await passUntil(work, 'open')
    await press(work, 'escape', 'escape', '1')
  },
}

/** A session that does not end when it is asked to. */
class Stubborn extends MadeUpSurroundings {
  override async tell() {
    return undefined
  }
}

/** Pages in other states. */
const more: Readonly<Record<string, Way>> = {
  'home-first': async () => {},
  'home-taken-back': async (work) => {
    await press(work, '3')
    await passUntil(work, 'password')
    await press(work, 'escape')
  },
  'password-wrong': async (work) => {
    await press(work, '3')
    await passUntil(work, 'password')
    await press(work, ...'wrong', 'return')
    await passUntil(work, 'password')
  },
  'open-screen': async (work) => {
    await press(work, '4')
    await passUntil(work, 'open')
  },
  'close-screen': async (work) => {
    await press(work, '4')
    await passUntil(work, 'open')
    await press(work, 'c')
  },
  'home-lost': async (work) => {
    await home(work)
    const [channel] = work.desk.channels
    if (!channel) throw new Error('nothing is open')
    const lost = [{ fate: 'dead', isHere: true, said: channel.said }] as const
    work.happen({ is: 'channels', channels: lost, asked: work.desk.now + 1 })
  },
  'home-elsewhere': async (work) => {
    await home(work)
    const [channel] = work.desk.channels
    if (!channel) throw new Error('nothing is open')
    const { said } = channel
    const at = (id: string, terminal: typeof said.terminal, state: typeof said.state = 'open') =>
      ({ fate: 'alive', isHere: false, said: { ...said, id, state, terminal } }) as const
    const channels = [
      at('aaaaaa', { name: 'term7', display: 'term7:0' }),
      at('bbbbbb', { name: 'term7' }),
      at('cccccc', { name: 'term7' }, 'closing'),
    ]
    work.happen({ is: 'channels', channels, asked: work.desk.now + 1 })
  },
  'progress-machine': async (work) => {
    await press(work, '5')
    await pass(11_600)
  },
  'home-broken': async (work) => {
    work.happen({ is: 'no-systems', fault: { kind: 'broken', reference: 'k7pq2a' } })
  },
  'home-nothing': async (work) => {
    work.happen({ is: 'systems', systems: [] })
  },
}

const shown = new Set<string>()

beforeAll(freeze)
afterAll(thaw)

async function show(name: string, way: Way, make = () => new MadeUpSurroundings()): Promise<void> {
  for (const language of languages)
    for (const place of places) {
      const { utf8 } = profileOf(place.term)
      const settings = { locked: name === 'leaving' }
      const work = await deskAtWork({ language, settings, utf8, surroundings: make() })
      await way(work)
      await settle()
      const text = textOf(await look(work, place))
      const kept = `desk/${name}.${language}.${place.columns}x${place.rows}`
      shown.add(kept)
      golden(kept, text.replace(/\d\d?:\d\d(?=$| )/m, '8:00'))
      work.end()
    }
}

describe('every page', () => {
  it.each(Object.keys(pages) as Page['at'][])('%s', async (at) => {
    let reached: DeskAtWork | undefined
    await show(at, async (work) => {
      await pages[at](work)
      reached = work
    })
    expect(reached?.desk.page.at).toBe(at)
  })

  it.each(Object.keys(more))('%s', async (name) => {
    await show(name, more[name] as Way)
  })

  it('closing-slow', async () => {
    await show(
      'closing-slow',
      async (work) => {
        await opened(work)
        await press(work, 'c', '1')
        await pass(11_000)
      },
      () => new Stubborn(),
    )
  })
})

it('nothing else is kept of the desk', () => {
  expect(forgotten('desk', shown)).toEqual([])
})
