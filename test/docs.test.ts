import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keysPage } from '../src/console/keys-page.ts'
import { metricsPage } from '../src/outside/metrics/page.ts'
import { withTypesTable } from '../src/views/event/types-table.ts'
import { withRulesTable } from '../src/views/incident/rules-table.ts'

it('docs/keys.md says what the table of actions says (npm run docs writes it)', () => {
  expect(readFileSync('docs/keys.md', 'utf8')).toBe(keysPage())
})

it('docs/events.md has each word for what can happen (npm run docs writes them)', () => {
  const page = readFileSync('docs/events.md', 'utf8')
  expect(page).toBe(withTypesTable(page))
  expect(page).toContain('| `host.lost` | ')
})

it('docs/incidents.md has the rules (npm run docs writes them)', () => {
  const page = readFileSync('docs/incidents.md', 'utf8')
  expect(page).toBe(withRulesTable(page))
  expect(page).toContain('| cluster | `directory.failed` until `directory.back`; ')
})

it('docs/metrics.md says what the table of metrics says (npm run docs writes it)', () => {
  expect(readFileSync('docs/metrics.md', 'utf8')).toBe(metricsPage())
})

it('has a picture of each screen for which a page has a place (npm run picture makes it)', () => {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'))
  const empty = pages.filter((name) =>
    /<!-- (?:screen|desk) [^>]* -->\n<!-- end -->/.test(readFileSync(join('docs', name), 'utf8')),
  )
  expect(empty).toEqual([])
})

/** Every file of ours that may cite, by its path, with comments of several lines as one. */
function citingFiles(): (readonly [path: string, text: string])[] {
  return ['src', 'test', 'lab', 'scripts', 'bench']
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path, readFileSync(path, 'utf8').replace(/\n\s*(?:\*|\/\/|#)\s+/g, ' ')])
}

const internals = 'docs/internals'
const pageText = (page: string) => readFileSync(join(internals, page), 'utf8')
const headingsOf = (page: string) =>
  [...pageText(page).matchAll(/^##+ (.+)$/gm)].map(([, heading]) => heading)

/** A block of docs/display-server.md, as `npm run test:display-server` takes it. */
interface Block {
  readonly step: number
  readonly on: readonly string[]
  readonly file?: string
  readonly text: string
}

it('docs/display-server.md can be carried out word for word: each block is of a step, a file or a host', async () => {
  const folder = 'scripts/display-server'
  const { blocksOf }: { blocksOf: (page: string) => Block[] } = await import(resolve(folder, 'steps.mjs'))
  const blocks = blocksOf(readFileSync('docs/display-server.md', 'utf8'))
  expect([...new Set(blocks.map(({ step }) => step))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  const hosts = readFileSync(join(folder, 'hosts'), 'utf8').match(/(?<= ).+/g) ?? []
  const places = new Set([...hosts, 'terminal', 'console'])
  expect(blocks.flatMap(({ on }) => on).filter((one) => !places.has(one))).toEqual([])
  expect(blocks.flatMap(({ file }) => file ?? [])).toEqual([
    '/etc/tmpfiles.d/vdd.conf',
    '/etc/vdd/vdd.yaml',
    '/etc/sudoers.d/vdd-desk',
    '/etc/ssh/sshd_config.d/vdd.conf',
  ])
  // A first line that nobody understands would be typed.
  expect(blocks.filter(({ file, text }) => !file && text.startsWith('#'))).toEqual([])
})

describe('what code cites of docs/internals', () => {
  const pages = readdirSync(internals)
    .filter((page) => page !== 'README.md')
    .sort()
  const headings = new Map(pages.map((page) => [page, headingsOf(page)]))

  it('is a heading there', () => {
    const astray = citingFiles().flatMap(([path, text]) =>
      [...text.matchAll(/docs\/internals\/([\w-]+\.md)((?:(?:,| and) "[^"]+")*)/g)]
        .filter(([, page = '', cited = '']) => {
          const wanted = [...cited.matchAll(/"([^"]+)"/g)].map(([, heading]) => heading)
          return !wanted.length || wanted.some((heading) => !headings.get(page)?.includes(heading))
        })
        .map(([cited]) => `${path}: ${cited}`),
    )
    expect(astray).toEqual([])
  })

  it('does not stand in notes outside of the repository', () => {
    const citing = citingFiles().flatMap(([path, text]) =>
      (text.match(/\bnotes\/\S*|\bnotes: [A-Z]\d/gi) ?? []).map((cited) => `${path}: ${cited}`),
    )
    expect(citing).toEqual([])
  })

  it('has a line in the index', () => {
    const index = pageText('README.md')
    expect([...index.matchAll(/^- \[.+?\]\(([\w-]+\.md)\)/gm)].map(([, page]) => page).sort()).toEqual(pages)
  })
})
