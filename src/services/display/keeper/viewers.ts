import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { ScreenProtocol } from '../../screen-protocol.ts'
import type { FailureKind, WishedSize } from '../opening.ts'
import { type Env, windowName } from './screen.ts'

/** The screen of a terminal, in pixels. */
export interface Terminal extends Exclude<WishedSize, 'full'> {
  /** a window manager makes windows fill it */
  readonly fills: boolean
}

/** What a viewer is to show, and how. */
interface Look {
  /** the unix socket of the server */
  readonly path: string
  readonly size: WishedSize
  readonly terminal: Terminal
  /** the channel's id */
  readonly id: string
  readonly login?: Login | undefined
  /** somebody else's desktop: what is copied here is not theirs to hear, nor the other way, and unless keys are wanted none is told */
  readonly foreign?: Foreign | undefined
}

/** Of a desktop that is somebody else's. */
export interface Foreign {
  readonly controls: boolean
}

/** Who logs in to a machine that shows nothing before. */
export interface Login {
  readonly user: string
  /** in memory alone: a viewer reads it on its standard input */
  readonly password: string
  /** the SHA-256 of the certificate that the machine has to show */
  readonly certificate: string
}

/** A program that shows a screen on a terminal. It asks nobody anything, offers nothing else, leaves the keyboard to others, and ends with what it shows. */
export interface ViewerProgram {
  readonly name: string
  readonly speaks: ScreenProtocol
  /** of Debian, which has it */
  readonly package: string
  readonly words: (look: Look) => string[]
  readonly env?: Env
  /** believes to fill the screen when it is told as by a window manager (EWMH, _NET_WM_STATE), and shows its menus before */
  readonly isToldFull?: boolean
  /** what its last words mean */
  readonly why?: (words: string) => FailureKind | undefined
}

/** The one table of viewers. Of those that speak the same the first that there is is taken. */
export const viewerPrograms: readonly ViewerProgram[] = [
  { name: 'xtigervncviewer', speaks: 'vnc', package: 'tigervnc-viewer', words: vncWords },
  { name: 'vncviewer', speaks: 'vnc', package: 'tigervnc-viewer', words: vncWords },
  {
    name: 'remote-viewer',
    speaks: 'spice',
    package: 'virt-viewer',
    words: spiceWords,
    // A keyboard that is grabbed hears of no way back, and no message could be answered. Without the other GTK waits for a bus that is not there.
    env: { SPICE_NOGRAB: '1', NO_AT_BRIDGE: '1' },
    isToldFull: true,
  },
  { name: 'xfreerdp', speaks: 'rdp', package: 'freerdp2-x11', words: rdpWords, why: whyOfRdp },
]

/** What a viewer is there for among the programs of `PATH`, in the order of the table. */
export async function spokenHere({ PATH = '' }: Env): Promise<ScreenProtocol[]> {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '')
  const isThere = async (name: string) => {
    for (const folder of folders)
      if (
        await access(join(folder, name), constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return true
    return false
  }
  const there = await Promise.all(viewerPrograms.map(({ name }) => isThere(name)))
  return [...new Set(viewerPrograms.filter((_one, i) => there[i]).map(({ speaks }) => speaks))]
}

/** What to install for a protocol. */
export function viewerAdvice(protocol: ScreenProtocol): string {
  const { package: name = '' } = viewerPrograms.find(({ speaks }) => speaks === protocol) ?? {}
  return `apt-get install ${name}`
}

/** The words for xtigervncviewer(1). */
function vncWords({ path, size, terminal: { width, height, fills }, foreign }: Look): string[] {
  // Without a window manager the geometry makes it full, and what FLTK does to fill the screen would keep the keyboard: no way back, and no key for a message.
  const whole = [...(fills ? ['-FullScreen'] : []), `-geometry=${width}x${height}+0+0`]
  const shape = size === 'full' ? whole : []
  // Its menu would offer things that nobody here is to choose, and its key belongs to the session. Were the keyboard its own, there would be no way back.
  const quiet = [
    '-MenuKey=',
    '-FullscreenSystemKeys=0',
    '-ReconnectOnError=0',
    '-AlertOnFatalError=0',
    '-RemoteResize=1',
    // Who looks at the same screen in another way is not thrown out.
    '-Shared=1',
    '-SecurityTypes=None',
  ]
  const apart = ['-AcceptClipboard=0', '-SendClipboard=0', '-SetPrimary=0', '-SendPrimary=0']
  const guarded = foreign ? [...apart, `-ViewOnly=${foreign.controls ? 0 : 1}`] : []
  return [...shape, ...quiet, ...guarded, path]
}

/** The words for remote-viewer(1). */
function spiceWords({ path, size }: Look): string[] {
  // What is plugged in at the display server is nobody's here.
  const quiet = ['--hotkeys=', '--spice-disable-usbredir']
  const shape = size === 'full' ? ['--kiosk', '--kiosk-quit=on-disconnect'] : []
  return [...shape, ...quiet, `spice+unix://${path}`]
}

/** The words for xfreerdp(1). */
function rdpWords({ path, size, terminal, id, login }: Look): string[] {
  const { width, height } = size === 'full' ? terminal : size
  const quiet = ['-grab-keyboard', '-toggle-fullscreen', '/log-level:WARN', `/wm-class:${windowName(id)}`]
  return [
    `/v:${path}`,
    `/u:${login?.user ?? ''}`,
    // It asks on its standard input, once.
    '/from-stdin:force',
    // No other certificate, whoever has signed it, and no question whether it is right.
    `/cert:deny,fingerprint:sha256:${login?.certificate ?? ''}`,
    ...(size === 'full' ? ['/f'] : []),
    `/size:${width}x${height}`,
    ...quiet,
  ]
}

function whyOfRdp(words: string): FailureKind | undefined {
  if (/ERRCONNECT_(LOGON_FAILURE|WRONG_PASSWORD|AUTHENTICATION_FAILED|PASSWORD_\w+|ACCOUNT_\w+)/.test(words))
    return 'auth'
  return /ERRCONNECT_TLS_CONNECT_FAILED/.test(words) ? 'hostkey' : undefined
}
