import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type ChannelState, readChannel } from '../../../src/services/display/channel.ts'
import { ChannelFiles } from '../../../src/services/display/here/files.ts'
import { ChannelBook } from '../../../src/services/display/keeper/book.ts'

const begun: ChannelState = {
  id: 'abc234',
  state: 'open',
  keeper: { pid: 1, started: 1 },
  terminal: { name: 'term3', display: ':0' },
  machine: { name: 'web1', address: '10.0.0.1' },
  fullScreen: true,
  keep: false,
  wantedAt: 1000,
}

it('a channel stays readable for all, whatever its machine tells', async () => {
  const place = mkdtempSync(join(tmpdir(), 'vdd-book-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  const files = new ChannelFiles(place, begun.id)
  await files.make()
  const book = new ChannelBook(files, begun)
  const written = () => readChannel(readFileSync(join(place, 'abc234.json'), 'utf8'))
  await book.tell({ load: { at: 1, memoryKiB: 2 ** 60, cpu: 1e30 }, clients: 3 })
  expect(written()).toEqual({ ...begun, clients: 3 })
  await book.tell({ trouble: 'x'.repeat(5000) })
  expect(written()?.trouble).toBe('x'.repeat(1000))
  await book.tell({ trouble: undefined, terminal: { name: 'term4' }, usedAt: -1 })
  expect(written()).toEqual({ ...begun, clients: 3, terminal: { name: 'term4' } })
})

it('nothing is written of a channel after what was written of it has been taken away', async () => {
  const did: string[] = []
  const files = {
    write: async ({ trouble }: ChannelState) => void did.push(trouble ?? 'well'),
    remove: async () => void did.push('removed'),
  }
  const book = new ChannelBook(files, begun)
  await book.tell({})
  const closed = book.close()
  await book.tell({ trouble: 'late' })
  await closed
  await book.tell({ trouble: 'later' })
  expect(did).toEqual(['well', 'removed'])
})

it('what cannot be written of a channel is said once, until it can be again; who needs it hears it', async () => {
  const said: string[] = []
  let isFull = false
  const write = async () => {
    if (isFull) throw new Error('no space left on the disk')
  }
  const book = new ChannelBook({ write, remove: async () => {} }, begun, (why) => said.push(why))
  for (isFull of [false, true, true, false, true]) await book.tell({ clients: 3 })
  expect(said).toEqual(['no space left on the disk', 'no space left on the disk'])
  await expect(book.write({ clients: 4 })).rejects.toThrow('no space left')
  expect(book.state.clients).toBe(4)
})
