// Takes the wanted versions of Node out of the optional packages of the lock files. To be run after each "npm install".
//
// npm leaves out an optional package whose "engines" the Node that runs npm does not meet, and says nothing: with the Node 18 of
// Debian 12 that would be what Vite is built on. All of them run with the Node that comes with the packages.
import { readFileSync, writeFileSync } from 'node:fs'

for (const file of ['package-lock.json', 'test/mutation/package-lock.json']) {
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  for (const one of Object.values(lock.packages)) if (one.optional) delete one.engines
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
