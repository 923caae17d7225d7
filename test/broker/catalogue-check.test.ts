import { describe, expect, it } from 'vitest'
import { type AskGroup, type Directory, directoryOf, faultsOf } from '../../src/cli/catalogue-check.ts'
import type { AskXml } from '../../src/cli/catalogue-screens.ts'
import type { SystemConfig } from '../../src/config/desk.ts'
import { say } from '../../src/hosts/label.ts'
import { LocalHost } from '../../src/hosts/local.ts'
import type { ScreenProtocol } from '../../src/services/screen-protocol.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { systemOf } from './support/systems.ts'

const all: Directory = {
  missing: async (name) =>
    name === 'teechers' ? say`there is no group teechers on this machine` : undefined,
  hasAddress: async (name) => name !== 'nowhere',
  speaks: async () => ['vnc', 'spice'],
}
const known = snapshot([
  machine({ name: 'pc1' }),
  machine({ name: 'pc2', uuid: uuid(2) }),
  machine({ name: 'double', uuid: uuid(3) }),
  machine({ name: 'double', uuid: uuid(4), host: 'b' }),
])

async function faults(
  systems: readonly SystemConfig[],
  of = known,
  askXml: AskXml = async () => undefined,
  directory = all,
): Promise<string[]> {
  const found = await faultsOf(systems, of, 10_000, directory, askXml)
  return found.map(({ system, machine, what, advice }) => `${system} ${machine ?? '-'}: ${what}: ${advice}`)
}

describe('what is wrong with the catalogue', () => {
  it('is nothing where all of it is there', async () => {
    const systems = [
      systemOf('office', ['pc1', { name: 'pc2', address: '10.0.0.1' }], { groups: ['teachers'] }),
      systemOf('lab', [
        { name: 'lab', always: true },
        { name: 'other', address: '10.0.0.1', port: 2222, always: true },
      ]),
    ]
    expect(await faults(systems)).toEqual([])
  })

  it('is what does not exist: a machine, a group, an address', async () => {
    const systems = [
      systemOf('office', ['pc11', { name: 'pc2', address: 'nowhere' }, 'quite-another'], {
        groups: ['teechers'],
      }),
    ]
    expect(await faults(systems)).toEqual([
      'office -: there is no group teechers on this machine: correct its name in "groups", or make it: groupadd teechers',
      'office pc11: no hypervisor has it: Did you mean pc1?',
      'office pc2: nowhere is no address that this machine can find: "address" says where its sshd is; or make the name known (DNS, /etc/hosts)',
      'office quite-another: no hypervisor has it: correct its name, or make it; "always: true" if it is no machine of a hypervisor',
    ])
  })

  it('is what is there twice: a name on two hosts, a machine in two systems, an address', async () => {
    const systems = [
      systemOf('office', ['pc1', 'double']),
      systemOf('lab', ['pc1', { name: 'pc2', address: 'double' }]),
    ]
    expect(await faults(systems)).toEqual([
      'office double: several machines are called so, on a and b: none of them is given to anybody: give one of them another name, or undefine it',
      'lab pc1: it is in system office, too: who has it there has it here: name it in one of both',
      'lab pc2: it has the address of double in system office: give each its own "address", or "port"',
    ])
  })

  it('is not what cannot be known, since a host does not answer', async () => {
    const trouble = { kind: 'unreachable', reason: say`gone`, advice: say``, since: 0 } as const
    const some = snapshot([], [host('a'), host('b', { reachable: false, trouble })])
    expect(await faults([systemOf('office', ['pc1'])], some)).toEqual([])
  })

  const vnc = {
    running: `<graphics type='vnc' port='5901' listen='127.0.0.1'/>`,
    next: `<graphics type='vnc'/>`,
  }
  const spice = { running: `<graphics type='spice' port='5901'/>`, next: `<graphics type='spice'/>` }
  const sdl = `<graphics type='sdl'/>`
  const edit = `virsh edit w: <graphics type='vnc' listen='127.0.0.1'/>`
  const again = 'shut it down and start it: a reboot is not enough'
  const by = 'display by VNC or SPICE'
  const none = `it has no ${by}, and its screen is to be shown`
  const unseen = (protocols: string, name: string) =>
    `its screen is shown by ${protocols}, for which there is no viewer on this machine: apt-get install ${name}`
  const shown = async (
    [state, now, next]: readonly ['running' | 'shut off', string | undefined, string | undefined],
    speaks: readonly ScreenProtocol[] = ['vnc', 'spice'],
    shows: 'screen' | 'session' = 'screen',
  ) => {
    const xml = { running: now, next }
    const ask: AskXml = async (_, which) => {
      const devices = xml[which]
      return devices === undefined ? undefined : `<domain><devices>${devices}</devices></domain>`
    }
    const of = snapshot([machine({ name: 'w', state })])
    return await faults([systemOf('office', ['w'], { shows })], of, ask, {
      ...all,
      speaks: async () => speaks,
    })
  }
  it.each([
    ['running', vnc.running, vnc.next, undefined],
    ['running', spice.running, spice.next, undefined],
    ['running', sdl, sdl, `${none}: ${edit}; then ${again}`],
    ['running', sdl, spice.next, `it runs without a ${by}, which its definition has: ${again}`],
    ['running', vnc.running, sdl, `it has no ${by} from its next start on: its definition has none: ${edit}`],
    ['shut off', undefined, vnc.next, undefined],
    ['shut off', undefined, '', `${none}: ${edit}`],
    ['running', undefined, undefined, undefined],
  ] as const)(
    'is a screen that cannot be shown: %s, with %s now and %s next',
    async (state, now, next, said) => {
      expect(await shown([state, now, next])).toEqual(said === undefined ? [] : [`office w: ${said}`])
      expect(await shown([state, now, next], [], 'session')).toEqual([])
    },
  )

  it.each([
    [['vnc'], spice.running, unseen('SPICE', 'virt-viewer')],
    [['spice'], vnc.running, unseen('VNC', 'tigervnc-viewer')],
    [['vnc'], spice.running + vnc.running, undefined],
    [[], spice.running + vnc.running, unseen('SPICE or VNC', 'virt-viewer')],
  ] as const)('is what no viewer is there for: %j, of %s', async (speaks, devices, said) => {
    const expected = said === undefined ? [] : [`office w: ${said}`]
    expect(await shown(['running', devices, devices], speaks)).toEqual(expected)
    if (said && speaks.length) expect(await shown(['shut off', undefined, devices], speaks)).toEqual(expected)
  })

  it('is no address of a machine whose screen is shown, since nobody connects to it', async () => {
    const at = [{ name: 'pc1', address: 'nowhere' }]
    expect(await faults([systemOf('office', at, { shows: 'screen' })])).toEqual([])
    expect(await faults([systemOf('office', at)])).toHaveLength(1)
  })

  it('is found with the real getent', async () => {
    const here = new LocalHost()
    const { missing, hasAddress } = directoryOf(here)
    expect(await Promise.all([missing('daemon'), missing('no-such-group-at-all')])).toEqual([
      undefined,
      'there is no group no-such-group-at-all on this machine',
    ])
    const why = async (told: Awaited<ReturnType<AskGroup>>) =>
      await directoryOf(here, async () => told).missing('no-such-group-at-all')
    expect(await why({ value: true })).toBeUndefined()
    expect(await why({ value: false })).toBe(
      'there is no group no-such-group-at-all, on this machine or in the directory',
    )
    expect(await why({ unknown: say`ldap1: no answer` })).toBe(
      'group no-such-group-at-all is not on this machine, and the directory does not tell: ldap1: no answer',
    )
    expect(
      await Promise.all([hasAddress('127.0.0.1'), hasAddress('[::1]'), hasAddress('no.such.invalid')]),
    ).toEqual([true, true, false])
    await here.close()
  })
})
