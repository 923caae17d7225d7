// Makes the pictures of docs/desk.md on the thin client of the lab, which sees and does what a person does there: npm run picture:desk
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groundWith, ThinClient } from '../test/lab/thin-client.ts'

const root = new URL('..', import.meta.url).pathname
const pictures = join(root, 'docs/pictures')
const directory = mkdtempSync(join(tmpdir(), 'vdd-lab-'))
const lab = (...args) =>
  execFileSync(join(root, 'lab/lab'), args, {
    env: { ...process.env, VDD_LAB_DIR: directory },
    stdio: ['ignore', 'ignore', 'inherit'],
  })

/** Windows of a session, the same at each time; a clock would not be. */
const windows = 'xcalc -geometry -40+40 & sleep 1; xterm -geometry 60x16+40+60 &'
const put = (name, { png }) => writeFileSync(join(pictures, `${name}.png`), png)

process.chdir(root)
mkdirSync(pictures, { recursive: true })
try {
  lab('up', 'terminal')
  lab('shell', 'desk1', 'lab-as', 'anna', 'sh', '-c', groundWith(windows))
  const client = new ThinClient(directory)
  const systems = await client.logIn('anna')
  put('desk-systems', systems)
  await client.keys('1')
  put('desk-desktops', await client.choiceAfter(systems))
  await client.keys('2')
  put('desk-desktop', await client.session(0.18, 0.5))
} finally {
  lab('clean')
  rmSync(directory, { recursive: true, force: true })
}
