import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChannelState } from '../channel.ts'

/** The files of one channel in its owner's folder. */
export class ChannelFiles {
  readonly #record: string
  /** nobody else may enter it */
  readonly folder: string

  constructor(place: string, id: string) {
    this.#record = join(place, `${id}.json`)
    this.folder = join(place, id)
  }

  /** the cookie, for the X server */
  get authority(): string {
    return join(this.folder, 'auth')
  }

  /** where orders are taken; a unix socket */
  get control(): string {
    return join(this.folder, 'control')
  }

  async make(): Promise<void> {
    await mkdir(this.folder, { mode: 0o700 })
  }

  /** Whoever reads finds the old state or the new one, never a part. */
  async write(state: ChannelState): Promise<void> {
    const next = join(this.folder, 'next')
    await writeFile(next, `${JSON.stringify(state)}\n`, { mode: 0o644 })
    await rename(next, this.#record)
  }

  /** Takes all of it away. */
  async remove(): Promise<void> {
    await rm(this.#record, { force: true })
    await rm(this.folder, { recursive: true, force: true })
  }
}
