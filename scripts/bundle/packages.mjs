// What the bundle takes otherwise than its packages have it, so that a start loads and makes only what it uses.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'

/** Replaces what a text must hold exactly once: a package that has changed is to be looked at again. */
function once(path, text, pattern, by) {
  const found =
    pattern instanceof RegExp ? text.match(new RegExp(pattern, 'g'))?.length : text.split(pattern).length - 1
  if (found !== 1) throw new Error(`${path} has changed: ${pattern}`)
  return text.replace(pattern, by)
}

/** Yoga takes its binary by `fetch` of a data: URL, for which Node loads all of its HTTP; as bytes it is taken at once, when first asked. */
export const lateYoga = {
  name: 'late-yoga',
  setup({ onLoad, onResolve }) {
    const url = /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/
    onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, ({ path }) => ({
      contents: `import bytes from 'yoga-bytes'
import enums from './generated/YGEnums.js'
let made
function yoga() {
  if (made) return made
  const instantiateWasm = (imports, done) => {
    done(new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(bytes, 'base64')), imports))
    return {}
  }
  const library = { instantiateWasm }
  loadYoga(library)
  made = wrapAssembly(library)
  return made
}
${once(path, readFileSync(path, 'utf8'), 'wrapAssembly(await loadYoga())', 'new Proxy(enums, { get: (known, key) => (key in known ? known : yoga())[key] })')}`,
    }))
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/, namespace: 'file' }, ({ path }) => ({
      contents: once(path, readFileSync(path, 'utf8'), url, '"data:application/octet-stream;base64,"'),
    }))
    onResolve({ filter: /^yoga-bytes$/ }, ({ importer }) => ({
      path: importer.replace(/src\/index\.js$/, 'binaries/yoga-wasm-base64-esm.js'),
      namespace: 'yoga-bytes',
    }))
    onLoad({ filter: /.*/, namespace: 'yoga-bytes' }, ({ path }) => ({
      contents: `export default '${url.exec(readFileSync(path, 'utf8'))[1]}'`,
    }))
  },
}

const nothing = new URL('nothing.mjs', import.meta.url).pathname

/**
 * Without what Ink awaits while it is loaded, for the tools of its authors; what it sends to terminals of Apple and to tmux, for it draws on the
 * canvas; and what it does and shows of errors and of the end, which are the session's.
 */
export const inkAlone = {
  name: 'ink-alone',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^signal-exit$|^\.\/ErrorOverview\.js$/ }, ({ importer }) =>
      importer.includes('/ink/build/') ? { path: nothing } : undefined,
    )
    onLoad({ filter: /ansi-escapes\/base\.js$/ }, ({ path }) => {
      const text = once(
        path,
        readFileSync(path, 'utf8'),
        "process.env.TERM_PROGRAM === 'Apple_Terminal'",
        'false',
      )
      return { contents: once(path, text, /(?<=const isTmux = ).*(?=;\n)/, 'false') }
    })
    onLoad({ filter: /ink\/build\/components\/Std(in|out|err)Context\.js$/ }, ({ path }) => ({
      contents: once(path, readFileSync(path, 'utf8'), /(?<=std\w+: )process\.std(in|out|err)/, 'undefined'),
    }))
    onLoad({ filter: /ink\/build\/reconciler\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll("process.env['DEV'] === 'true'", 'false'),
    }))
  },
}

/** A line of the screen passes through Ink as one character (src/terminal/stamp.ts), and to ask string-width costs it 10 ms to get ready. */
export const stampWidth = {
  name: 'stamp-width',
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^string-width$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'whole') return undefined
      const found = await resolve(path, { ...from, pluginData: 'whole' })
      return { path: found.path, namespace: 'stamp-width' }
    })
    onLoad({ filter: /.*/, namespace: 'stamp-width' }, ({ path }) => ({
      contents: `import width from ${JSON.stringify(path)}
const stamp = /^[\\udb80-\\udbbf][\\udc00-\\udfff]$/
export default (text, options) => (stamp.test(text) ? 1 : width(text, options))`,
      resolveDir: '/',
    }))
  },
}

/**
 * An entry of ldapts names all that was asked for, and each message is written down as JSON for a log that nobody reads: of cn=Monitor that is hundreds
 * of lists each second and slapd. The reader takes what is not there for empty (services/ldap/client.ts).
 */
export const plainLdap = {
  name: 'plain-ldap',
  setup({ onLoad }) {
    onLoad({ filter: /ldapts\/dist\/index\.(mjs|cjs)$/ }, ({ path }) => {
      const text = once(
        path,
        readFileSync(path, 'utf8'),
        /for \(const attribute of requestAttributes\) if .*result\[attribute\] = \[\];/,
        '',
      )
      return { contents: once(path, text, /else logDebug\(`Sending message: .*`\);/, '') }
    })
  },
}

/** Node's own modules are loaded when first something of them is used. Those that are a class, or tell of events (process), stay as they are. */
export const lateNode = {
  name: 'late-node',
  setup({ onLoad, onResolve, initialOptions: { format } }) {
    const isPlain = (module) => typeof module === 'object' && !('on' in module)
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) => {
      // What is imported when it is used comes late by itself.
      if (!isBuiltin(path) || (kind === 'dynamic-import' && format === 'esm')) return undefined
      const name = path.replace(/^(node:)?/, 'node:')
      return isPlain(process.getBuiltinModule(name)) ? { path: name, namespace: 'late-node' } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'late-node' }, ({ path }) => ({
      contents: `let loaded
for (const name of ${JSON.stringify(Object.keys(process.getBuiltinModule(path)))})
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => (loaded ??= process.getBuiltinModule('${path}'))[name],
  })`,
    }))
  },
}
