import { execFile } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dial } from '../../../hosts/dial.ts'
import { ChannelFailure } from './failure.ts'
import type { Env } from './screen.ts'
import { type Child, lastWordsOf, startChild } from './x-server.ts'

/** VNC servers of an X display that is there, by their names in Debian and elsewhere. There the latter is a script around the former. */
const programs = ['X0tigervnc', 'x0vncserver'] as const
/** What later ones have, and earlier ones do not know: what was copied is not for whoever looks. */
const clipboard = ['SendCutText', 'AcceptCutText'] as const
/** Milliseconds until it listens; 0.1 s were measured. */
const patience = { tell: 5_000, listen: 10_000, look: 20 } as const

/** A VNC server of a display, with one connection to it. */
export interface Scraping {
  readonly socket: Socket
  readonly server: Child
}

/** A program that can be had, and which of the words that not all know it knows. */
export interface Scraper {
  readonly program: string
  readonly known: readonly string[]
}

/** @throws {ChannelFailure} none is installed */
export async function findScraper(env: Env): Promise<Scraper> {
  for (const program of programs) {
    const help = await helpOf(program, env)
    if (help !== undefined) return { program, known: clipboard.filter((word) => help.includes(word)) }
  }
  throw new ChannelFailure(
    'no-server',
    `none of ${programs.join(', ')} is installed on the display server: apt-get install tigervnc-scraping-server`,
  )
}

/** undefined: there is no such program */
function helpOf(program: string, env: Env): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      program,
      ['-h'],
      { env: { ...env }, timeout: patience.tell, cwd: '/' },
      (error, stdout, stderr) => resolve(error?.code === 'ENOENT' ? undefined : `${stdout}${stderr}`),
    )
  })
}

/**
 * The words for X0tigervnc(1). Whether keys are taken is for the server to say: what the viewer does is up to whoever looks. When its one connection ends it ends, too,
 * whatever becomes of the keeper.
 */
function scraperWords({ known }: Scraper, display: number, path: string, controls: boolean): string[] {
  const input = controls ? '1' : '0'
  return [
    `-display=:${display}`,
    '-rfbport=-1',
    `-rfbunixpath=${path}`,
    '-rfbunixmode=0600',
    '-SecurityTypes=None',
    `-AcceptKeyEvents=${input}`,
    `-AcceptPointerEvents=${input}`,
    '-AcceptSetDesktopSize=0',
    '-NeverShared=1',
    '-DisconnectClients=0',
    '-MaxDisconnectionTime=5',
    ...known.map((word) => `-${word}=0`),
  ]
}

/** Has a display be had by VNC, on a connection that is the only one. @throws {ChannelFailure} */
export async function scrape(
  scraper: Scraper,
  {
    display,
    authority,
    folder,
    controls,
  }: {
    readonly display: number
    readonly authority: string
    readonly folder: string
    readonly controls: boolean
  },
  env: Env,
): Promise<Scraping> {
  const path = join(folder, 'looked')
  const words = scraperWords(scraper, display, path, controls)
  const server = startChild(scraper.program, words, { ...env, DISPLAY: `:${display}`, XAUTHORITY: authority })
  const early = server.ended.then((words) => {
    throw new ChannelFailure(
      'server-failed',
      `${scraper.program} ended at once: ${lastWordsOf(words) || 'it said nothing'}`,
    )
  })
  early.catch(() => {})
  try {
    return { socket: await Promise.race([connected(path), early]), server }
  } catch (error) {
    server.end()
    throw error
  }
}

async function connected(path: string): Promise<Socket> {
  const late = AbortSignal.timeout(patience.listen)
  for (;;) {
    try {
      return await dial({ path }, late)
    } catch (error) {
      if (late.aborted)
        throw new ChannelFailure('server-failed', `no VNC server listens: ${(error as Error).message}`)
      await sleep(patience.look)
    }
  }
}
