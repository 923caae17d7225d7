// The test of a front end that is killed under load, on the balancers of the lab with real slapds; its drawing goes into docs/drill.md:
//   lab/lab up lvs && npm run bench:drill [-- FRONTEND]
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const frontend = process.argv[2] ?? 'rs1'
const home = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
try {
  const lab = execFileSync(join(root, 'lab', 'lab'), ['config'], { encoding: 'utf8' }).trim()
  const config = join(home, 'vdd.yaml')
  writeFileSync(config, `journal: ${join(home, 'journal.db')}\n${readFileSync(lab, 'utf8')}`)
  const report = join(home, 'report.md')
  // The virtual address is inside the guest: lb2, which stands by, is a client there as any other.
  const words = ['drill', 'frontend', frontend, '--yes', frontend, '--from', 'lb2', '--report', report]
  const { status } = spawnSync(join(root, 'bin', 'vdd'), ['--config', config, ...words], { stdio: 'inherit' })
  const text = readFileSync(report, 'utf8')
    .replace(/^#/gm, '##')
    .replace(/^- incident .*\n/m, '')
  const page = join(root, 'docs', 'drill.md')
  const between = /(?<=<!-- drill -->\n)[\s\S]*?(?=<!-- end -->)/
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(between, () => text),
  )
  process.exitCode = status ?? 1
} finally {
  rmSync(home, { recursive: true, force: true })
}
