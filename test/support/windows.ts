import { once } from 'node:events'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { hostname } from 'node:os'
import x11, { type Client, type Display } from 'x11'

/** What the package's own X server, which is for tests, tells of itself. */
interface OwnServer {
  readonly focus: { readonly wid: number }
  addClientStream(stream: Socket): void
}
const { createServer } = x11 as unknown as {
  createServer(options: { width: number; height: number }): OwnServer
}

const numbers = { cardinal: 6, string: 31, wmClientMachine: 36 } as const

/** A screen of 1024x768 without a window manager, on which a program makes its windows. */
export class Windows {
  readonly #server = createServer({ width: 1024, height: 768 })
  readonly #sockets = new Set<Socket>()
  readonly #tcp = createTcpServer((socket) => {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    this.#server.addClientStream(socket)
  })
  #client: Client | undefined
  #root = 0

  /** @returns the name of its display */
  async listen(): Promise<string> {
    this.#tcp.listen(0, '127.0.0.1')
    await once(this.#tcp, 'listening')
    const address = this.#tcp.address()
    const display = `127.0.0.1:${(typeof address === 'object' && address ? address.port : 0) - 6000}`
    const known = await new Promise<Display>((resolve, reject) => {
      x11.createClient({ display, shm: false }, (error, made) => (error ? reject(error) : resolve(made)))
    })
    this.#client = known.client
    this.#root = known.screen[0]?.root ?? 0
    return display
  }

  close(): void {
    this.#client?.terminate()
    this.#tcp.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  /** A window of a program, as its toolkit makes it. */
  async add(
    pid: number,
    { width, height }: { width: number; height: number },
    isSeen = true,
  ): Promise<number> {
    const client = this.#own
    const window = client.AllocID()
    client.CreateWindow(window, this.#root, 10, 10, width, height, 0, 0, 0, 0, {})
    const property = client.ChangeProperty.bind(client) as (
      mode: 0,
      window: number,
      property: number,
      type: number,
      units: 8 | 32,
      data: Buffer | readonly number[],
    ) => void
    property(0, window, await this.#atom('_NET_WM_PID'), numbers.cardinal, 32, [pid])
    property(0, window, numbers.wmClientMachine, numbers.string, 8, Buffer.from(hostname()))
    if (isSeen) client.MapWindow(window)
    return window
  }

  show(window: number): void {
    this.#own.MapWindow(window)
  }

  /** which window has the keyboard */
  get focus(): number {
    return this.#server.focus.wid
  }

  async geometry(window: number): Promise<{ x: number; y: number; width: number; height: number }> {
    return await new Promise((resolve, reject) => {
      this.#own.GetGeometry(window, (error, { xPos, yPos, width, height }) =>
        error ? reject(error) : resolve({ x: xPos, y: yPos, width, height }),
      )
    })
  }

  /** The states that a window is told to have: EWMH, _NET_WM_STATE. */
  async states(window: number): Promise<number[]> {
    const state = await this.#atom('_NET_WM_STATE')
    return await new Promise((resolve, reject) => {
      this.#own.GetProperty(0, window, state, 0, 0, 100, (error, { data }) =>
        error ? reject(error) : resolve([...new Uint32Array(Uint8Array.from(data).buffer)]),
      )
    })
  }

  atom(name: string): Promise<number> {
    return this.#atom(name)
  }

  get #own(): Client {
    if (!this.#client) throw new Error('it does not listen yet')
    return this.#client
  }

  #atom(name: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#own.InternAtom(false, name, (error, atom) => (error ? reject(error) : resolve(atom)))
    })
  }
}
