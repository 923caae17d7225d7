import type { HostConfig } from '../../src/config/schema.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import type { Leftovers } from '../../src/fleet/leftovers.ts'
import type { FleetOptions } from '../../src/fleet/options.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import type { Argv, Channel, Host, Output, RunOptions } from '../../src/hosts/host.ts'
import { HostError } from '../../src/hosts/host.ts'
import { label, say } from '../../src/hosts/label.ts'

type Answer = (argv: Argv, options: RunOptions) => Partial<Output> | Promise<Partial<Output>>

/** A host that keeps what it was asked, and answers as the test says. */
export class RecordingHost implements Host {
  readonly name: string
  readonly ran: { readonly argv: Argv; readonly options: RunOptions }[] = []
  answer: Answer

  constructor(name: string, answer: Answer = () => ({})) {
    this.name = name
    this.answer = answer
  }

  async run(argv: Argv, options: RunOptions = {}): Promise<Output> {
    this.ran.push({ argv, options })
    return { code: 0, stdout: '', stderr: '', ...(await this.answer(argv, options)) }
  }

  async stream(_argv: Argv): Promise<Channel> {
    throw new HostError('exec', this.name, say`not here`)
  }

  async connect(): Promise<never> {
    throw new Error('not scripted')
  }

  async terminal(): Promise<number | null> {
    return 0
  }

  async close(): Promise<void> {}
}

interface Options {
  readonly readOnly?: boolean
  readonly drills?: boolean
  readonly typeCountAbove?: number
  readonly configs?: Readonly<Record<string, Partial<HostConfig>>>
  readonly leftovers?: Leftovers
  readonly views?: NonNullable<FleetOptions['views']>
}

/** A fleet that asks nobody: what it knows is what the test shows it. Its clock stands at 10 000. */
export class StillFleet extends Fleet {
  readonly hosts: ReadonlyMap<string, RecordingHost>
  /** the hosts that somebody wanted to be looked at */
  readonly looked: string[] = []
  #shown: Snapshot
  #telling = new Set<() => void>()

  constructor(shown: Snapshot, { readOnly = false, configs = {}, ...rest }: Options = {}) {
    const hosts = new Map(shown.hosts.map(({ name }) => [name, new RecordingHost(name)]))
    super({
      cluster: label('test'),
      demo: false,
      readOnly,
      ...rest,
      interval: 1000,
      journal: new Journal(':memory:'),
      now: () => 10_000,
      members: shown.hosts.map(({ name, uri, roles }) => ({
        host: hosts.get(name) ?? new RecordingHost(name),
        config: { name, roles: [...roles], local: false, libvirt: uri, ...configs[name] },
      })),
    })
    this.hosts = hosts
    this.#shown = shown
  }

  /** Lets the world change. */
  show(snapshot: Snapshot): void {
    this.#shown = snapshot
    for (const listener of this.#telling) listener()
  }

  override snapshot(): Snapshot {
    return this.#shown
  }

  override subscribe(listener: () => void): () => void {
    this.#telling.add(listener)
    return () => this.#telling.delete(listener)
  }

  /** Who looks sees what is shown, a millisecond later; not where the host does not answer. */
  override lookAfresh(host: string): void {
    this.looked.push(host)
    if (!this.#shown.seenAt.has(host) || this.#shown.hosts.some((one) => one.name === host && !one.reachable))
      return
    this.show({ ...this.#shown, seenAt: new Map([...this.#shown.seenAt, [host, 10_001]]) })
  }
}
