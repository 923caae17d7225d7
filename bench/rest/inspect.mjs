// What V8 tells of itself in a running Node, by its inspector, which a signal opens. It takes 2 MiB there and no other start of the program, so
// that what is measured is what a person has.
import { writeFileSync } from 'node:fs'

/** Where Node listens then, one process at a time. */
const place = 'http://127.0.0.1:9229/json/list'

async function addressOf(pid) {
  process.kill(pid, 'SIGUSR1')
  for (let tries = 0; ; tries++) {
    try {
      const [target] = await (await fetch(place)).json()
      return target.webSocketDebuggerUrl
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

const counting = `{
  const { PerformanceObserver, constants } = process.getBuiltinModule('perf_hooks')
  const kinds = { [constants.NODE_PERFORMANCE_GC_MINOR]: 'young', [constants.NODE_PERFORMANCE_GC_MAJOR]: 'old' }
  globalThis.collections = {}
  new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries()) {
      const of = (globalThis.collections[kinds[detail.kind] ?? 'steps'] ??= { times: 0, ms: 0 })
      of.times++
      of.ms += duration
    }
  }).observe({ entryTypes: ['gc'] })
}`

/** Opens the inspector of a process; throws when another process has its port. */
export async function inspect(pid) {
  const socket = new WebSocket(await addressOf(pid))
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = reject
  })
  const waiting = new Map()
  let chunks = ''
  socket.onmessage = ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(data)
    if (method === 'HeapProfiler.addHeapSnapshotChunk') chunks += params.chunk
    if (id === undefined) return
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(error.message))
    else resolve(result)
  }
  let last = 0
  const ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  const told = async (expression) =>
    (await ask('Runtime.evaluate', { expression, returnByValue: true })).result.value
  if ((await told('process.pid')) !== pid) throw new Error('the inspector of another process was there')
  return {
    /** As process.memoryUsage() says, in bytes. */
    memory: () => told('process.memoryUsage()'),
    /** Begins to count what the collector of garbage takes. */
    countCollections: () => told(counting),
    /** Since then, by its kind: how often, and milliseconds. */
    collections: () => told('globalThis.collections'),
    async startProfile() {
      await ask('Profiler.enable')
      await ask('Profiler.start')
    },
    /** Writes where the CPU went since its start, for Chrome's DevTools and its like. */
    async endProfile(path) {
      const { profile } = await ask('Profiler.stop')
      writeFileSync(path, JSON.stringify(profile))
    },
    startAllocations: () =>
      ask('HeapProfiler.startSampling', {
        samplingInterval: 16_384,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      }),
    /** Writes who made what since then, whether it still lives or not. */
    async endAllocations(path) {
      const { profile } = await ask('HeapProfiler.stopSampling')
      writeFileSync(path, JSON.stringify(profile))
    },
    /** Writes all that is on the heap; this takes some times its size there, so nothing is to be measured after it. */
    async snapshot(path) {
      chunks = ''
      await ask('HeapProfiler.takeHeapSnapshot')
      writeFileSync(path, chunks)
    },
    end: () => socket.close(),
  }
}
