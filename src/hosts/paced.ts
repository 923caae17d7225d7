import { Duplex } from 'node:stream'
import { forSlice } from './slices.ts'

/** Bytes that are handed on at once: in packets of one byte, as a hostile host sends them, the work of a millisecond or two. */
const most = 1_024

/**
 * The same connection, which hands on what comes in little pieces, within the slice that all work shares in a turn of the loop; while there is
 * something to hand on it reads no more. A socket is read many times in a turn, and whoever takes ssh apart takes all that it is given at once.
 *
 * For a reader that takes what it is given. How the connection ends is told after what came before.
 */
export function paced(under: Duplex): Duplex {
  const stream = new Duplex({
    read: () => {},
    write: (piece, _encoding, done) => void under.write(piece, () => done()),
    final: (done) => void under.end(() => done()),
    destroy: (error, done) => {
      under.destroy()
      done(error)
    },
  })
  let before = Promise.resolve()
  const next = (work: () => void | Promise<void>) => {
    before = before.then(work)
  }
  under
    .on('data', (data: Buffer) => {
      under.pause()
      next(async () => {
        for (let from = 0; from < data.length && !stream.destroyed; from += most) {
          await forSlice()
          stream.push(data.subarray(from, from + most))
        }
        under.resume()
      })
    })
    .on('end', () => next(() => void stream.push(null)))
    .on('error', (error) => next(() => void stream.destroy(error)))
    .on('close', () => next(() => void stream.destroy()))
  return stream
}
