import { type Host, HostError } from '../../hosts/host.ts'
import { label, say } from '../../hosts/label.ts'
import { parseDf } from './parse.ts'

/** Milliseconds. A device that does not answer holds df up. */
const timeout = 10_000

/** The local file systems: one on a server that is silent would hold df up for ever. */
export async function readFileSystems(host: Host, signal?: AbortSignal): Promise<ReturnType<typeof parseDf>> {
  const { code, stdout, stderr } = await host.run(['df', '-PkTl'], { timeout, ...(signal ? { signal } : {}) })
  const read = parseDf(stdout)
  // It fails, too, when one of them cannot be read.
  if (code !== 0 && !read.all.length)
    throw new HostError('refused', host.name, say`df: ${label(stderr.split('\n')[0] ?? '')}`)
  return read
}
