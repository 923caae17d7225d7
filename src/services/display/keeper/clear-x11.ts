import { createServer, type Server, type Socket } from 'node:net'
import { Carrier } from '../x11/carrier.ts'
import { authority } from '../x11/cookie.ts'
import { ChannelFailure } from './failure.ts'
import type { XDisplay } from './line.ts'

/** The port of display `:0`; that of `:N` is N higher. X.Org's X(7). */
const firstPort = 6000
/** So many numbers are tried, where others listen on the first ones. */
const most = 100
/** Milliseconds after which a machine that says nothing is asked whether it is there. */
const asks = 30_000

/**
 * X11 over TCP, in the clear: for a closed network, and only where the configuration says so. The X server itself would listen on every address; here one is listened on,
 * and who connects there has to show a cookie that was made for this session alone. It ends with the process.
 */
export class ClearX11 {
  /** DISPLAY for the programs of the machine */
  readonly name: string
  readonly #carrier: Carrier
  readonly #server: Server

  private constructor(name: string, carrier: Carrier, server: Server) {
    this.name = name
    this.#carrier = carrier
    this.#server = server
  }

  /**
   * @param address of this machine, as the others of its network have it
   * @throws {ChannelFailure} `server-failed`
   */
  static async listen(address: string, { number, cookie }: XDisplay, path?: string): Promise<ClearX11> {
    const carrier = new Carrier(number, cookie, path === undefined ? {} : { path })
    const server = createServer((socket: Socket) => {
      socket.setNoDelay(true).setKeepAlive(true, asks)
      carrier.carry(socket)
    })
    for (let one = number; ; one++) {
      const why = await listening(server, address, firstPort + one)
      if (!why) return new ClearX11(`${address}:${one}`, carrier, server)
      if (why.code === 'EADDRINUSE' && one < number + most) continue
      const advice = 'x11OverTcp of the system has to be an address of the display server'
      throw new ChannelFailure('server-failed', `X11 over TCP: ${why.message}`, advice)
    }
  }

  /** the bytes of a file for XAUTHORITY there */
  get authority(): Buffer {
    return authority(this.#carrier.cookie)
  }

  end(): void {
    this.#server.close()
  }
}

function listening(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve).listen({ host, port }, () => {
      server.off('error', resolve)
      resolve(undefined)
    })
  })
}

/**
 * Reads the cookie from standard input into a file of its own, runs the session, and takes the file away. Its arguments: DISPLAY, the name of the file, the words of
 * the session.
 */
export const clearScript = [
  `display=$1 file=\${XDG_RUNTIME_DIR:-$HOME}/$2; shift 2`,
  `trap 'rm -f -- "$file"' EXIT; trap 'exit 143' HUP INT TERM`,
  '(umask 077; cat >"$file") || exit',
  'DISPLAY=$display XAUTHORITY=$file "$@" </dev/null',
].join('\n')

/** The text that takes the file away where the script itself was killed. */
export const forgetText = (file: string) => `rm -f -- "\${XDG_RUNTIME_DIR:-$HOME}/${file}"`
