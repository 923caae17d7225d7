import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { spokenHere, viewerAdvice, viewerPrograms } from '../../../src/services/display/keeper/viewers.ts'
import type { ScreenProtocol } from '../../../src/services/screen-protocol.ts'

const path = '/run/vdd/1000/abc234/screen'
const terminal = { width: 800, height: 600, fills: true }

function words(name: string, size: 'full' | typeof terminal, fills = true) {
  const program = viewerPrograms.find((one) => one.name === name)
  return program?.words({ path, size, terminal: { ...terminal, fills }, id: 'k7q2mz' }).join(' ')
}

describe('the viewer of', () => {
  it('VNC fills the screen where a window manager does it, asks nobody anything, and leaves the keyboard to others', () => {
    expect(words('xtigervncviewer', 'full')).toBe(
      `-FullScreen -geometry=800x600+0+0 -MenuKey= -FullscreenSystemKeys=0 -ReconnectOnError=0 -AlertOnFatalError=0 -RemoteResize=1 -Shared=1 -SecurityTypes=None ${path}`,
    )
    // What fills the screen without a window manager keeps the keyboard, and with it the way back.
    expect(words('vncviewer', 'full', false)).toMatch(/^-geometry=800x600\+0\+0 -Menu/)
    expect(words('vncviewer', terminal)).not.toContain('-FullScreen')
  })

  it('SPICE has neither menus nor keys of its own, and ends with what it shows', () => {
    const quiet = `--hotkeys= --spice-disable-usbredir spice+unix://${path}`
    expect(words('remote-viewer', 'full')).toBe(`--kiosk --kiosk-quit=on-disconnect ${quiet}`)
    expect(words('remote-viewer', terminal)).toBe(quiet)
    expect(viewerPrograms.find(({ name }) => name === 'remote-viewer')?.env).toMatchObject({
      SPICE_NOGRAB: '1',
    })
  })
})

describe('the viewer of RDP', () => {
  const program = viewerPrograms.find(({ speaks }) => speaks === 'rdp')
  const certificate = Array(32).fill('ab').join(':')
  const login = { user: 'anna', password: 'geheim', certificate }
  const look = { path, terminal: { ...terminal, fills: false }, id: 'k7q2mz', login }

  it('takes no certificate but that one, and is told no password for all to read', () => {
    const line = program?.words({ ...look, size: 'full' }).join(' ')
    expect(line).toContain(
      `/v:${path} /u:anna /from-stdin:force /cert:deny,fingerprint:sha256:${certificate} /f`,
    )
    expect(line).not.toMatch(/geheim|cert:ignore/)
    expect(line).toContain('-grab-keyboard')
    expect(line).toContain('/wm-class:vdd-k7q2mz')
    expect(program?.words({ ...look, size: terminal }).join(' ')).not.toContain('/f ')
  })

  it.each([
    ['freerdp_set_last_error_ex ERRCONNECT_LOGON_FAILURE [0x00020014]', 'auth'],
    ['freerdp_set_last_error_ex ERRCONNECT_TLS_CONNECT_FAILED [0x00020008]', 'hostkey'],
    ['freerdp_set_last_error_ex ERRCONNECT_CONNECT_TRANSPORT_FAILED [0x0002000D]', undefined],
  ])('tells by its last words why it ended: %s', (words, kind) => expect(program?.why?.(words)).toBe(kind))
})

it('tells what can be shown by the programs that there are, and what to install for the rest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vdd-viewers-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const has = async (name: string, mode: number) => {
    await writeFile(join(folder, name), '')
    await chmod(join(folder, name), mode)
  }
  const env = { PATH: `/nowhere::${folder}` }
  expect(await spokenHere({})).toEqual([])
  expect(await spokenHere(env)).toEqual([])
  await has('vncviewer', 0o644)
  await has('remote-viewer', 0o755)
  expect(await spokenHere(env)).toEqual(['spice'])
  await has('vncviewer', 0o755)
  expect(await spokenHere(env)).toEqual(['vnc', 'spice'])
  expect(['vnc', 'spice', 'rdp'].map((one) => viewerAdvice(one as ScreenProtocol))).toEqual([
    'apt-get install tigervnc-viewer',
    'apt-get install virt-viewer',
    'apt-get install freerdp2-x11',
  ])
})
