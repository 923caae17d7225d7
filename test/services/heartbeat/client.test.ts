import { expect, it } from 'vitest'
import type { Shell } from '../../../src/hosts/shell.ts'
import { readHeartbeat } from '../../../src/services/heartbeat/client.ts'
import { parseHaresources } from '../../../src/services/heartbeat/parse.ts'

/** What a node tells, of which the questions of a look are answered so. */
async function read(membership: string, addresses = '10.79.0.110') {
  const shell = {
    script: async () => ({ code: 0, stdout: membership, stderr: '' }),
    run: async () => ({ code: 0, stdout: `2: eth0    inet ${addresses}/24 scope global eth0\n`, stderr: '' }),
  }
  return readHeartbeat(
    { host: 'hb1', shell: shell as unknown as Shell, timeout: 1000 },
    {
      carried: parseHaresources('hb2 IPaddr2::10.79.0.110/24/eth0 slapd'),
      nodes: ['hb1'],
      links: new Map(),
      scripts: new Map(),
    },
  )
}

it('names the nodes of the configuration where heartbeat is stopped, and what it has all the same', async () => {
  const { isRunning, nodes, carried } = await read('self hb1\nheartbeat is stopped\nstatus 1')
  expect(isRunning).toBe(false)
  expect(nodes).toEqual([
    { name: 'hb1', links: [] },
    { name: 'hb2', links: [] },
  ])
  expect(carried.map(({ name, isHere }) => [name, isHere])).toEqual([
    ['10.79.0.110', true],
    ['slapd', undefined],
  ])
})

it('refuses a host without cl_status, with what to do', async () => {
  await expect(read('self hb1\nsh: cl_status: not found\nstatus 127')).rejects.toMatchObject({
    kind: 'refused',
    reason: 'cl_status is missing',
  })
})
