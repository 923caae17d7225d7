import { describe, expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import { LocalHost } from '../../../src/hosts/local.ts'
import { Shell } from '../../../src/hosts/shell.ts'
import { hardwareOf, readHardware } from '../../../src/services/hardware/client.ts'
import { readHost } from '../../../src/services/process/client.ts'

const nothing = {
  system: {},
  os: {},
  cpu: {},
  memory: {},
  disks: [],
  graphics: { controllers: [], displays: [] },
  sound: [],
  links: [],
}

describe('what the machine is made of', () => {
  it('is told in words, without what is not known', () => {
    expect(
      hardwareOf({
        system: { manufacturer: 'Dell Inc.', model: 'OptiPlex 790' },
        os: { distro: 'Debian GNU/Linux', release: '12', codename: 'bookworm', kernel: '6.1.0-28-amd64' },
        cpu: { manufacturer: 'Intel', brand: 'Core i5-2400', cores: 4 },
        memory: { total: 8 * 2 ** 30 },
        disks: [
          { vendor: 'SAMSUNG', name: 'Samsung SSD 870', size: 500_107_862_016 },
          { vendor: '', name: 'WDC', size: 2_000_398_934_016 },
          { vendor: '', name: 'Flash', size: 512_483_328 },
        ],
        graphics: {
          controllers: [{ vendor: 'Intel Corporation', model: 'HD Graphics', vram: 256 }],
          displays: [
            { vendor: 'DELL', model: 'U2412M', currentResX: 1920, currentResY: 1200 },
            { vendor: '', model: '', connection: 'VGA-1', currentResX: 0, currentResY: 0 },
            { vendor: '', model: '', connection: null },
          ],
        },
        sound: [{ manufacturer: 'Intel Corporation', name: '6 Series HDA' }],
        links: [{ name: label('eth0'), isUp: true, isWireless: false, mbps: 1000 }],
      }),
    ).toEqual({
      model: 'Dell Inc. OptiPlex 790',
      system: 'Debian GNU/Linux 12 (bookworm), Linux 6.1.0-28-amd64',
      processor: 'Intel Core i5-2400, 4 cores',
      memoryKiB: 8 * 2 ** 20,
      disks: ['Samsung SSD 870, 500 GB', 'WDC, 2 TB', 'Flash, 512 MB'],
      graphics: ['Intel Corporation HD Graphics, 256 MB'],
      sound: ['Intel Corporation 6 Series HDA'],
      screens: [{ name: 'DELL U2412M', width: 1920, height: 1200 }, { name: 'VGA-1' }, {}],
      links: [{ name: 'eth0', isUp: true, isWireless: false, mbps: 1000 }],
    })
    const none = { disks: [], graphics: [], sound: [], screens: [], links: [] }
    expect(hardwareOf(nothing)).toEqual(none)
    expect(
      hardwareOf({ ...nothing, system: { manufacturer: '-', model: '' }, memory: { total: Number.NaN } }),
    ).toEqual(none)
  })

  it('is shown, whatever a maker calls it, and of many parts the first', () => {
    const { model, disks } = hardwareOf({
      ...nothing,
      system: { model: 'PC\u001b[2J' },
      disks: Array.from({ length: 40 }, (_, i) => ({ name: `disk ${i}` })),
    })
    expect(model).toBe('PC\\e[2J')
    expect(disks).toHaveLength(16)
  })

  it('is told of this machine by the library as /proc tells it', async () => {
    const host = new LocalHost()
    const shell = await Shell.open(host)
    try {
      const [hardware, same, proc] = await Promise.all([
        readHardware(),
        readHardware(),
        readHost({ host: host.name, shell, timeout: 20_000 }, []),
      ])
      expect(same).toBe(hardware)
      expect(hardware.memoryKiB).toBe(proc.memoryKiB)
      expect(hardware.processor).toMatch(new RegExp(`, ${proc.cpus} cores?$`))
      expect(hardware.system).toMatch(/, Linux \d/)
    } finally {
      shell.close()
      await host.close()
    }
  })
})
