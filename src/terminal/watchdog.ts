import { Worker } from 'node:worker_threads'

/** How often the loop that answers keys says that it lives, in milliseconds. */
const beatEvery = 250

/**
 * Runs beside that loop. It counts seconds in which it was awake itself, so that a program that was stopped, or a machine that slept, is
 * not taken for one that hangs.
 */
const watch = `
const { workerData } = require('node:worker_threads')
let last = -1
let missed = 0
setInterval(() => {
  const beats = Atomics.load(workerData.beats, 0)
  missed = beats === last ? missed + 1 : 0
  last = beats
  if (missed >= workerData.seconds) process.kill(process.pid, 'SIGALRM')
}, 1000)
`

/**
 * Ends the program by SIGALRM when its loop has not turned for so many seconds: no key can be read then, not even the one that would quit.
 * The launcher puts the terminal right and says why. Returns what ends the watch.
 */
export function watchLoop(seconds: number): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const beat = setInterval(() => Atomics.add(beats, 0, 1), beatEvery).unref()
  const worker = new Worker(watch, {
    eval: true,
    execArgv: [],
    workerData: { beats, seconds },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 4 },
  })
  worker.unref()
  worker.on('error', () => {}) // without it the console does as well
  return () => {
    clearInterval(beat)
    void worker.terminate()
  }
}
