import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLinks } from '../../../src/services/hardware/links.ts'
import { factsScript } from '../../../src/services/hardware/script.ts'
import { readTerminal } from '../../../src/services/terminal-facts.ts'

const there = (program: string) => spawnSync(program, ['--help']).error === undefined
const shells = [['sh'], ['busybox', 'sh'], ['bash']].filter(([program = '']) => there(program))

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vdd-terminal-'))
  mkdirSync(join(root, 'bin'))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
}

function program(name: string, says: string): void {
  put({ [`bin/${name}`]: `#!/bin/sh\n${says}\n` })
  chmodSync(join(root, 'bin', name), 0o755)
}

/** What it prints about the machine that was put under `root`; it comes on standard input, as by ssh. */
function tell([shell = 'sh', ...args]: readonly string[] = ['sh'], display?: string): string {
  const { stdout, stderr, status } = spawnSync(shell, [...args, '-s'], {
    input: factsScript.replace(/^root=$/m, `root='${root}'`),
    env: { PATH: `${join(root, 'bin')}:${process.env.PATH}`, ...(display ? { DISPLAY: display } : {}) },
    encoding: 'utf8',
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  // ASCII that may stand between single quotes.
  expect(stdout).toMatch(/^\{[ -&(-~]*\}\n$/)
  return stdout
}

/** A thin client of 128 MiB. */
const geode = {
  'proc/cpuinfo':
    'processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: Geode(TM) Integrated Processor: LX 800\n',
  'proc/meminfo': 'MemTotal:         121344 kB\nMemFree:           80000 kB\n',
  'proc/asound/cards':
    ' 0 [CS5535         ]: CS5535 Audio - CS5535 Audio cs5535audio\n                      CS5535 Audio cs5535audio at 0xfe00, irq 11\n',
  'etc/os-release': 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  'sys/class/dmi/id/sys_vendor': 'Wyse \n',
  'sys/class/dmi/id/product_name': 'Wyse S10\n',
  'sys/class/net/lo/carrier': '1\n',
  'sys/class/net/eth0/device/vendor': '0x10ec\n',
  'sys/class/net/eth0/carrier': '1\n',
  'sys/class/net/eth0/speed': '100\n',
  'sys/class/net/wlan0/device/vendor': '0x168c\n',
  'sys/class/net/wlan0/wireless/status': '0\n',
  'sys/class/net/wlan0/speed': '-1\n',
  'sys/bus/pci/devices/0000:00:01.0/class': '0x060000\n',
  'sys/bus/pci/devices/0000:00:01.1/class': '0x030000\n',
  'sys/bus/pci/devices/0000:00:01.1/vendor': '0x1022\n',
  'sys/bus/pci/devices/0000:00:01.1/device': '0x2081\n',
  'sys/class/drm/card0-VGA-1/status': 'connected\n',
  'sys/class/drm/card0-VGA-1/modes': '1024x768\n800x600\n',
  'sys/class/drm/card0-DVI-D-1/status': 'disconnected\n',
  'sys/block/sda/device/vendor': 'ATA     \n',
  'sys/block/sda/device/model': '128MB Flash\n',
  'sys/block/sda/size': '250880\n',
  'sys/block/sdb/device/vendor': 'SEAGATE \n',
  'sys/block/sdb/device/model': 'ST2000 \n',
  'sys/block/sdb/size': '3907029168\n',
  'sys/block/mmcblk0/device/name': 'SU16G\n',
  'sys/block/mmcblk0/size': '31116288\n',
  'sys/block/sr0/device/model': 'DVD\n',
  'sys/block/loop0/size': '100\n',
}

describe.each(shells.map((shell) => ({ shell })))(
  'the script of a machine without Node, by $shell',
  ({ shell }) => {
    it('tells what a thin client is made of', () => {
      put(geode)
      program('lspci', 'exit 1')
      expect(readTerminal(tell(shell))).toEqual({
        version: 1,
        name: hostname(),
        model: 'Wyse S10',
        system: expect.stringMatching(/^Debian GNU\/Linux 12 \(bookworm\), Linux \d/),
        processor: 'Geode(TM) Integrated Processor: LX 800, 1 core',
        memoryKiB: 121_344,
        disks: ['SU16G, 16 GB', '128MB Flash, 128 MB', 'SEAGATE ST2000, 2 TB'],
        graphics: ['PCI 0x1022:0x2081'],
        sound: ['CS5535 Audio cs5535audio'],
        screens: [{ name: 'VGA-1', width: 1024, height: 768 }],
        links: [
          { name: 'eth0', isUp: true, isWireless: false, mbps: 100 },
          { name: 'wlan0', isUp: false, isWireless: true },
        ],
      })
    })

    it('tells nothing of what is not there', () => {
      program('lspci', 'exit 1')
      expect(readTerminal(tell(shell))).toEqual({
        version: 1,
        name: hostname(),
        system: expect.stringMatching(/^Linux \d/),
        disks: [],
        graphics: [],
        sound: [],
        screens: [],
        links: [],
      })
    })

    it('tells another board as its own files name it', () => {
      put({
        'proc/device-tree/model': Buffer.from('Raspberry Pi 2 Model B Rev 1.1\0'),
        'proc/cpuinfo':
          'processor\t: 0\nmodel name\t: ARMv7\n\nprocessor\t: 1\nmodel name\t: ARMv7\n\nHardware\t: BCM2835\n',
        'sys/class/graphics/fb0/virtual_size': '656,416\n',
        'sys/class/graphics/fb0/name': 'BCM2708 FB\n',
      })
      expect(readTerminal(tell(shell))).toMatchObject({
        model: 'Raspberry Pi 2 Model B Rev 1.1',
        processor: 'ARMv7, 2 cores',
        graphics: ['BCM2708 FB'],
        screens: [{ name: 'BCM2708 FB', width: 656, height: 416 }],
      })
    })

    it('asks lspci and xrandr where they are, but not the display of another machine', () => {
      put(geode)
      program('lspci', 'echo "00:01.1 VGA compatible controller: AMD Geode: LX Video"')
      program(
        'xrandr',
        `cat <<'.'
Screen 0: minimum 320 x 200, current 3200 x 1200, maximum 8192 x 8192
VGA-1 connected primary 1280x1024+0+0 (normal left inverted) 376mm x 301mm
   1280x1024     60.02*+
DVI-D-1 connected 1920x1200+1280+0 (normal) 518mm x 324mm
DP-1 connected (normal left inverted)
DP-2 disconnected (normal)
.`,
      )
      expect(readTerminal(tell(shell, ':0'))).toMatchObject({
        graphics: ['AMD Geode: LX Video'],
        screens: [
          { name: 'VGA-1', width: 1280, height: 1024 },
          { name: 'DVI-D-1', width: 1920, height: 1200 },
          { name: 'DP-1' },
        ],
      })
      expect(readTerminal(tell(shell, 'localhost:10.0'))).toMatchObject({ screens: [{ width: 1024 }] })
      program('xrandr', 'echo "Can\'t open display :0" >&2; exit 1')
      expect(readTerminal(tell(shell, ':0'))).toMatchObject({ screens: [{ width: 1024 }] })
    })

    it.each([
      ['quotes, backslashes and what shells replace', '"a\\n\\\\ $(id) `id` $HOME * %s%n \'b'],
      ['controls and escapes', 'a\u001b[2J\u0007\u007f\u0001b'],
      ['letters of any language', 'Jörg 日本 😀 \u202e'],
      ['the ends of what UTF-8 can say', '\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}'],
    ])('says exactly: %s', (_, name) => {
      put({ 'sys/class/dmi/id/product_name': `${name}\n` })
      expect(JSON.parse(tell(shell))).toMatchObject({ model: name })
    })

    it.each([
      ['no lead', [0x80]],
      ['an end too early', [0xe2, 0x82]],
      ['a longer form than needed', [0xc0, 0xaf]],
      ['a longer form of three', [0xe0, 0x80, 0xaf]],
      ['half of a pair', [0xed, 0xa0, 0x80]],
      ['more than there is', [0xf4, 0x90, 0x80, 0x80]],
      ['Latin-1', [0x4a, 0xf6, 0x72]],
    ])('reads bytes that are no UTF-8 as a browser does: %s', (_, bytes) => {
      const content = Buffer.from([0x61, ...bytes, 0x62, 0x0a])
      put({ 'sys/class/dmi/id/product_name': content })
      expect(JSON.parse(tell(shell))).toMatchObject({ model: content.toString('utf8').trimEnd() })
    })

    it('tells not more than is read of it, whatever there is', () => {
      const many = Array.from({ length: 40 }, (_, i) => [`sys/class/net/eth${i}/device/vendor`, ''])
      put({
        ...Object.fromEntries(many),
        'sys/class/dmi/id/product_name': '\u0001'.repeat(100_000),
        'proc/asound/cards': ` 0 [a]: b - ${'\u0001'.repeat(5000)}\n`.repeat(100),
        'proc/meminfo': 'MemTotal: 99999999999999999999 kB\n',
        'sys/class/net/eth0/speed': '0100\n',
      })
      const told = readTerminal(tell(shell))
      expect(told?.links).toHaveLength(16)
      expect(told?.links[0]).not.toHaveProperty('mbps')
      expect(told?.sound).toHaveLength(16)
      expect(told).not.toHaveProperty('memoryKiB')
    })
  },
)

describe('the script', () => {
  it.runIf(there('shellcheck'))('has nothing that shellcheck objects to', () => {
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: factsScript, encoding: 'utf8' })
    expect(stdout).toBe('')
  })
})

it('network interfaces are read the same way by the program itself', async () => {
  put(geode)
  expect(await readLinks(root)).toEqual(readTerminal(tell())?.links)
  expect(await readLinks(join(root, 'nowhere'))).toEqual([])
})

describe('the facts of a terminal', () => {
  const least = { version: 1, name: 'term3', disks: [], graphics: [], sound: [], screens: [], links: [] }

  it('are read as what may be shown, and what is unknown is left out', () => {
    const told = readTerminal(JSON.stringify({ ...least, name: ' a\u001b[2J ', tooSmall: ['x'] }))
    expect(told).toEqual({ ...least, name: 'a\\e[2J' })
  })

  it.each([
    ['no JSON', 'term3'],
    ['another version', JSON.stringify({ ...least, version: 2 })],
    ['too many parts', JSON.stringify({ ...least, disks: Array(17).fill('a') })],
    ['too long a name', JSON.stringify({ ...least, name: 'a'.repeat(1301) })],
    ['no number of memory', JSON.stringify({ ...least, memoryKiB: -1 })],
    ['too long', JSON.stringify({ ...least, more: 'a'.repeat(70_000) })],
  ])('are none: %s', (_, text) => {
    expect(readTerminal(text)).toBeUndefined()
  })
})
