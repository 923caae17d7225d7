import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Source, terminalOf, Viewer } from '../../../src/services/display/keeper/viewer.ts'
import type { WishedSize } from '../../../src/services/display/opening.ts'
import { Outer } from '../../../src/services/display/x11/outer.ts'
import { Windows } from '../../support/windows.ts'

/** Writes down which process it is, and stays. */
const program = (file: string) =>
  `#!/bin/sh\necho $$ > ${file}.new && mv ${file}.new ${file} && exec sleep 1000\n`
const full = { x: 0, y: 0, width: 1024, height: 768 }
const small = { width: 640, height: 480 }

let folder: string
let screen: Windows
let env: { DISPLAY: string; PATH: string }
let viewer: Viewer<Source>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vdd-viewer-'))
  screen = new Windows()
  env = { DISPLAY: await screen.listen(), PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin` }
  for (const name of ['xtigervncviewer', 'remote-viewer']) {
    await writeFile(join(folder, name), program(join(folder, 'pid')))
    await chmod(join(folder, name), 0o755)
  }
})
afterEach(async () => {
  await viewer.end()
  screen.close()
  await rm(folder, { recursive: true, force: true })
})

/** Shows something by a viewer of which the process is known then. */
async function shown(protocol: Source['protocol'], size: WishedSize) {
  const source = async () => ({ protocol, path: join(folder, 'screen'), end: () => {} })
  viewer = new Viewer({ id: 'k7q2mz', folder, env, isKept: true, source, away: () => {} })
  const stands = viewer.show(env, size, await terminalOf(env))
  const pid = () => readFile(join(folder, 'pid'), 'utf8').then(Number, () => undefined)
  await expect.poll(pid).toEqual(expect.any(Number))
  return { stands, pid: Number(await pid()) }
}

describe('the window of a viewer, where there is no window manager,', () => {
  it('fills the screen and has the keyboard', async () => {
    const { stands, pid } = await shown('vnc', 'full')
    const window = await screen.add(pid, small)
    await expect.poll(() => screen.focus).toBe(window)
    expect(await screen.geometry(window)).toEqual(full)
    expect(await screen.states(window)).toEqual([])
    await stands
  })

  it('has the keyboard also where it is smaller, and is left as it is', async () => {
    const { stands, pid } = await shown('vnc', small)
    const window = await screen.add(pid, small)
    await expect.poll(() => screen.focus).toBe(window)
    expect(await screen.geometry(window)).toEqual({ x: 10, y: 10, ...small })
    await stands
  })

  it('is told that it fills the screen, where its program asks for that, once it is seen', async () => {
    const { stands, pid } = await shown('spice', 'full')
    const leader = await screen.add(pid, { width: 10, height: 10 }, false)
    const window = await screen.add(pid, small, false)
    await stands
    expect(await screen.states(window)).toEqual([])
    screen.show(window)
    await expect.poll(() => screen.focus).toBe(window)
    expect(await screen.states(window)).toEqual([await screen.atom('_NET_WM_STATE_FULLSCREEN')])
    expect([await screen.geometry(window), await screen.states(leader)]).toEqual([full, []])
  })

  it('is brought to the front and put behind again, and another program’s is not touched', async () => {
    const { stands, pid } = await shown('vnc', 'full')
    const window = await screen.add(pid, small)
    const other = await screen.add(process.pid, { width: 1000, height: 700 })
    await expect.poll(() => screen.focus).toBe(window)
    await stands
    expect(await viewer.lower()).toEqual({ done: true })
    expect(screen.focus).not.toBe(window)
    expect(await viewer.raise()).toEqual({ done: true })
    expect(screen.focus).toBe(window)
    expect(await Outer.act(env, (outer) => outer.raise({ id: 'k7q2mz', pid: 1 }))).toHaveProperty('refused')
    expect(await screen.geometry(other)).toMatchObject({ width: 1000 })
  })
})
