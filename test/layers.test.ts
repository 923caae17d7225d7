import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'

/** From top to bottom: an import goes to the same layer or to one further down (ARCHITECTURE.md). */
const layers = [
  'main.ts',
  'image.ts',
  'start.ts',
  'run.ts',
  'cli',
  'screens',
  'desk',
  'components',
  'hooks',
  'console',
  'outside',
  'views',
  'broker',
  'actions',
  'fleet',
  // It answers in the words of the services: packets of RADIUS, entries of LDAP.
  'demo',
  'services',
  'text',
  'hosts',
  'terminal',
  'config',
  // What somebody typed, held against what there is: names of machines, and of settings.
  'words',
]

const src = resolve(import.meta.dirname, '../src')

interface Import {
  readonly from: string
  readonly to: string
}

/** The modules that a text names in any way: import, export … from, import(), import type, typeof import(). */
function modulesIn(text: string, lang: 'ts' | 'tsx'): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null) return
    const { type, source, argument } = node as Record<'type' | 'source' | 'argument', unknown>
    if (/^(Import|Export|TSImport)/.test(String(type)))
      for (const literal of [source, argument]) {
        const value = (literal as { value?: unknown } | null | undefined)?.value
        if (typeof value === 'string') found.push(value)
      }
    Object.values(node).forEach(visit)
  }
  visit(parseAst(text, { lang }))
  return found
}

/** Every import of one file of src/ by another. */
function allImports(): Import[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  return files.flatMap((from) =>
    modulesIn(readFileSync(join(src, from), 'utf8'), from.endsWith('x') ? 'tsx' : 'ts')
      .filter((name) => name.startsWith('.'))
      .map((name) => ({ from, to: resolve(src, dirname(from), name).slice(src.length + 1) })),
  )
}

const layerOf = (file: string) => layers.indexOf(file.split(sep)[0] ?? '')

/** Why an import is against the rule; undefined: it is not. */
function against({ from, to }: Import): string | undefined {
  const text = `${from} imports ${to}`
  if (layerOf(from) < 0 || layerOf(to) < 0) return `${text}: in no layer`
  if (layerOf(to) < layerOf(from)) return `${text}: upwards`
  const service = (file: string) => /^services\/([^/]+)\//.exec(file.replaceAll(sep, '/'))?.[1]
  // What lies beside the folders of the services is of none of them.
  return service(from) && service(to) && service(to) !== service(from)
    ? `${text}: another service`
    : undefined
}

/** Files that import each other in the end, each with those that stand between: a reader of one would have to read all. */
function circlesIn(imports: readonly Import[]): string[][] {
  const below = Map.groupBy(imports, ({ from }) => from)
  const done = new Set<string>()
  const circles: string[][] = []
  const visit = (file: string, way: readonly string[]): void => {
    const met = way.indexOf(file)
    if (met >= 0) circles.push(way.slice(met))
    if (met >= 0 || done.has(file)) return
    for (const { to } of below.get(file) ?? []) visit(to, [...way, file])
    done.add(file)
  }
  for (const file of below.keys()) visit(file, [])
  return circles
}

describe('the layers', () => {
  it('are imported downwards only, and no service knows another', () => {
    const imports = allImports()
    expect(imports.length).toBeGreaterThan(200)
    expect(imports.flatMap((one) => against(one) ?? [])).toEqual([])
  })

  it('have no circle, not even of types', () => {
    expect(circlesIn(allImports())).toEqual([])
  })

  it.each(['actions', 'demo'])('have no circle among the folders of kinds in %s', (layer) => {
    const folder = (file: string) => dirname(file)
    const among = allImports()
      .map(({ from, to }) => ({ from: folder(from), to: folder(to) }))
      .filter(({ from, to }) => from !== to && [from, to].every((one) => one.startsWith(join(layer, sep))))
    expect(circlesIn(among)).toEqual([])
  })

  it('would tell a circle', () => {
    const ring = ['a', 'b', 'c'].map((from, i) => ({ from, to: 'bca'[i] ?? '' }))
    expect(circlesIn([{ from: 'd', to: 'a' }, ...ring])).toEqual([['a', 'b', 'c']])
  })

  it('are told in ARCHITECTURE.md, in this order', () => {
    const text = readFileSync(resolve(src, '../ARCHITECTURE.md'), 'utf8')
    const told = [...text.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    )
    expect(told).toEqual(layers)
  })

  it('are checked for every way to name a module', () => {
    const text = `import a from './1.ts'; import type { b } from './2.ts'; import { type c } from './3.ts'
      import './4.ts'; export * from './5.ts'; export type { d } from './6.ts'; const e = await import('./7.ts')
      type F = import('./8.ts').F; type G = typeof import('./9.ts'); const h = <p>{import('./10.ts')}</p>
      const not = "import './11.ts'" // import './12.ts'`
    expect(modulesIn(text, 'tsx').map((name) => name.replace(/\D/g, ''))).toEqual(
      Array.from({ length: 10 }, (_, i) => String(i + 1)),
    )
  })

  it.each([
    ['hosts/ssh.ts', 'fleet/snapshot.ts', 'upwards'],
    ['services/libvirt/watch.ts', 'services/xen/parse.ts', 'another service'],
    ['fleet/store.ts', 'elsewhere/x.ts', 'in no layer'],
  ])('would say that %s must not import %s', (from, to, why) => {
    expect(against({ from, to })).toContain(why)
  })

  it.each([
    ['screens/App.tsx', 'console/console.ts'],
    ['services/xen/verbs.ts', 'services/step.ts'],
    ['services/step.ts', 'hosts/host.ts'],
    ['fleet/fleet.ts', 'services/libvirt/watch.ts'],
  ])('lets %s import %s', (from, to) => {
    expect(against({ from, to })).toBeUndefined()
  })
})

describe('packages that are loaded when they are used', () => {
  it('are taken by their default: the build gives those of CommonJS no other name', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.tsx?$/.test(name),
    )
    const named = files.flatMap((name) =>
      [
        ...readFileSync(join(src, name), 'utf8').matchAll(/\{([^{}]*)\} = await import\('(?!node:)[^.#]/g),
      ].map(([, names = '']) => `${name}: ${names.trim()}`),
    )
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((one) => !/: default: \w+$/.test(one))).toEqual([])
  })
})
