// Makes the pictures of the README and of docs/ from a real run: npm run picture
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTerminal } from './pty.mjs'

const root = new URL('..', import.meta.url).pathname
const home = mkdtempSync(join(tmpdir(), 'vdd-picture-'))
const env = {
  HOME: home,
  XDG_CONFIG_HOME: home,
  XDG_STATE_HOME: home,
  VDD_CONFIG: '',
  LANG: 'C',
  LC_ALL: 'C',
  TZ: 'UTC',
}
const terminal = openTerminal(join(root, 'bin', 'vdd'), [], { env })

/** Puts the screen between the marks `<!-- screen NAME -->` and `<!-- end -->` of a file. */
function put(file, name) {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const picture = terminal.lines().join('\n').trimEnd()
  const next = text.replace(
    new RegExp(`(<!-- screen ${name} -->\n)[\\s\\S]*?(<!-- end -->)`),
    (_, head, end) => `${head}\`\`\`text\n${picture}\n\`\`\`\n${end}`,
  )
  if (next === text && !text.includes(`<!-- screen ${name} -->`))
    throw new Error(`${file} has no place for ${name}`)
  writeFileSync(path, next)
}

try {
  await terminal.until('all fresh')
  await terminal.until(/hv3 +up +\[[#.]+\] +\d/)
  terminal.press('2')
  await terminal.until(/NAME.*STATE/)
  await terminal.until(/windows-01 +running +hv1 +\d/)
  put('README.md', 'machines')
  put('docs/machines.md', 'machines')
  terminal.press('/windows-03\rm')
  await terminal.until('To which host?')
  terminal.press('\r')
  await terminal.until('Its disks')
  terminal.press('\r')
  await terminal.until('This will run')
  put('docs/machines.md', 'migrate')
  terminal.press('y')
  await terminal.until(/>hv\d \d+%/)
  await terminal.until('Migrate: done')
  terminal.press('\r')
  await terminal.until('Definition')
  await terminal.until(/vda/)
  put('docs/machine.md', 'machine')
  terminal.press('2\t\t')
  await terminal.until(/> default/)
  put('docs/pools.md', 'pools')
  terminal.press('\t')
  await terminal.until(/> anna /)
  put('docs/sessions.md', 'sessions')
  terminal.press('\t')
  await terminal.until(/> :17/)
  put('docs/displays.md', 'displays')
  terminal.press('\t')
  await terminal.until(/> term1 /)
  put('docs/terminals.md', 'terminals')
  terminal.press('1')
  await terminal.until('NEEDS ATTENTION')
  put('docs/overview.md', 'overview')
  terminal.press('3')
  await terminal.until(/> fe1 +in service/)
  put('docs/frontends.md', 'frontends')
  terminal.press('T')
  await terminal.until('SERVICE, REAL SERVER')
  put('docs/frontends.md', 'services')
  terminal.press('3')
  terminal.press('d\r2')
  await terminal.until('touch --')
  terminal.press('y')
  await terminal.until(/> fe1 +maintenance/)
  terminal.press('3\t\t')
  // Some time after the start of the demo one falls behind.
  await terminal.until(/fe2 +consumer behind +1\ds/, 300_000)
  put('docs/directory.md', 'directory')
  terminal.press('\t')
  await terminal.until(/> service-ip/)
  put('docs/cluster.md', 'resources')
  terminal.press('3g')
  await terminal.until('Active connections')
  put('docs/frontends.md', 'charts')
  terminal.press('4')
  await terminal.until('WHEN')
  put('docs/events.md', 'events')
  terminal.press('\t')
  await terminal.until('INCIDENT')
  put('docs/incidents.md', 'incidents')
  terminal.press('q')
} finally {
  terminal.end()
  rmSync(home, { recursive: true, force: true })
}
