// Loaded into the program by --import: on SIGUSR2 it begins to watch for how long the event loop stands still, and on the next one it writes
// the longest time, in milliseconds, into $VDD_BENCH_STALL.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolution = 2
let histogram
process.on('SIGUSR2', () => {
  if (!histogram) {
    histogram = monitorEventLoopDelay({ resolution })
    histogram.enable()
    return
  }
  histogram.disable()
  writeFileSync(process.env.VDD_BENCH_STALL, String(histogram.max / 1e6 - resolution))
})
