import type { World } from '../world.ts'

/** Milliseconds until somebody answers, and for which they let it be seen. */
const times = { answer: 2_000, seen: 60_000 } as const

/** Whoever asked, and how it is told. */
interface Asking {
  /** it is seen now */
  begin(): void
  /** it is not, and why; or it is over */
  end(why?: string): void
}

/** The words behind `vdd channel look` of a command; undefined: it is another one. */
export function lookWords(argv: readonly string[]): readonly string[] | undefined {
  const [, noun, verb, ...words] = argv[0] === 'sudo' ? argv.slice(argv.indexOf('--') + 1) : argv
  return noun === 'channel' && verb === 'look' ? words : undefined
}

/** Somebody at a terminal of the demo is asked whether an operator may look. Who lets a session wait for an answer says no. Returns what ends it. */
export function askInDemo(world: World, words: readonly string[], asking: Asking): () => void {
  const [id, control] = words
  const channel = world.displays.channels.find((one) => one.id === id)
  const leave = () => {
    if (channel) delete channel.looked
  }
  world.later(times.answer, () => {
    if (!channel) return asking.end(`there is no channel ${id}`)
    if (channel.isDeaf) return asking.end('the person said no')
    channel.looked = { by: 'oper', at: world.now(), controls: control === '--control' }
    asking.begin()
    world.later(times.seen, () => asking.end())
  })
  return leave
}
