import { opendir } from 'node:fs/promises'

/** Names of one folder that are looked at: ten times what a person has there. A million would take longer than whoever asks waits. */
const most = 2000

/** Names in a folder of somebody else, as many of them as are looked at; none: it is not there, or not to be read. */
export async function namesIn(path: string): Promise<readonly string[]> {
  const names: string[] = []
  try {
    for await (const { name } of await opendir(path, { bufferSize: 256 })) {
      names.push(name)
      if (names.length >= most) break
    }
  } catch {
    // What was seen of it until then counts.
  }
  return names
}
