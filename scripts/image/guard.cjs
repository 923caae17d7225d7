// Goes before the program while it is loaded for the image: whoever asks this machine for something that another start would be told
// otherwise (environment, time, random numbers, terminal, files) fails, and with it the image. Of Node's modules it may have those that only compute.
globalThis.endGuard = (() => {
  const harmless = [
    'node:assert',
    'node:events',
    'node:module',
    'node:path',
    'node:stream',
    'node:url',
    'node:util',
  ]
  const undo = []
  let isLoading = true
  const replace = (object, key, descriptor) => {
    const was = Object.getOwnPropertyDescriptor(object, key)
    Object.defineProperty(object, key, { configurable: true, ...descriptor })
    undo.push(() => (was ? Object.defineProperty(object, key, was) : delete object[key]))
  }
  const refuse = (what) => {
    throw new Error(`the program asks for ${what} while it is loaded, which an image would keep for ever`)
  }
  /** Fails when it is called or made; what has been taken of it works later. */
  const guarded = (what, value, may = () => false) =>
    new Proxy(value, {
      apply: (target, self, args) =>
        isLoading && !may(args) ? refuse(what) : Reflect.apply(target, self, args),
      construct: (target, args, made) =>
        isLoading && !may(args) ? refuse(what) : Reflect.construct(target, args, made),
    })
  const guard = (name, object, key, may) =>
    replace(object, key, { value: guarded(name, object[key], may), writable: true })
  for (const key of [
    'argv',
    'env',
    'execArgv',
    'execPath',
    'pid',
    'ppid',
    'stderr',
    'stdin',
    'stdout',
    'title',
  ])
    replace(process, key, { get: () => refuse(`process.${key}`) })
  for (const key of ['cwd', 'geteuid', 'getuid', 'hrtime', 'memoryUsage', 'on', 'once', 'umask', 'uptime'])
    guard(`process.${key}`, process, key)
  guard('Math.random', Math, 'random')
  guard('performance.now', performance, 'now')
  guard('Date.now', Date, 'now')
  guard('the time', globalThis, 'Date', (given) => given.length > 0)
  for (const key of Object.getOwnPropertyNames(Intl))
    if (typeof Intl[key] === 'function') guard(`Intl.${key}`, Intl, key)
  for (const key of ['crypto', 'localStorage', 'sessionStorage'])
    replace(globalThis, key, { get: () => refuse(key) })
  // zod looks whether this is Cloudflare.
  replace(globalThis, 'navigator', { value: { userAgent: 'Node.js' } })
  const { getBuiltinModule } = process
  replace(process, 'getBuiltinModule', {
    value: (name) => (harmless.includes(name) ? getBuiltinModule(name) : refuse(name)),
  })
  return () => {
    isLoading = false
    delete globalThis.endGuard
    for (const back of undo.reverse()) back()
  }
})()
