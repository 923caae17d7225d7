import type { World } from '../world.ts'

const gib = 2 ** 20

/** File systems in KiB, as `df -PkTl` prints them: the one with the images fills up as machines are made. */
export function df(world: World, host: string): string {
  const isHypervisor = world.hypervisors.hosts.has(host)
  const rows: [device: string, used: number, size: number, mountedOn: string][] = [
    ['/dev/sda1', 5.2 * gib, 29 * gib, '/'],
    isHypervisor
      ? [
          '/dev/mapper/vg0-images',
          pool(world, host).allocated / 1024,
          pool(world, host).capacity / 1024,
          '/var/lib/libvirt/images',
        ]
      : ['/dev/sda2', 1.9 * gib, 15 * gib, '/var'],
  ]
  const lines = rows.map(
    ([device, used, size, mountedOn]) =>
      `${device} ext4 ${Math.round(size)} ${Math.round(used)} ${Math.round(size - used)} ${Math.round((used / size) * 100)}% ${mountedOn}\n`,
  )
  return `Filesystem Type 1024-blocks Used Available Capacity Mounted on\n${lines.join('')}`
}

/** The pool of a hypervisor, in bytes: so much for each machine. */
function pool(world: World, host: string): { capacity: number; allocated: number } {
  const machines = world.hypervisors.on(host).length
  const perMachine = 12 * 2 ** 30
  return { capacity: Math.max(256, 20 * machines) * 2 ** 30, allocated: machines * perMachine }
}

/** `pool-info --bytes`, in virsh's form. */
export function poolInfo(world: World, host: string): string {
  const { capacity, allocated } = pool(world, host)
  const fields = {
    Name: 'default',
    UUID: '4c1f0a52-9a0c-4f37-9d0e-7a4f4f1c1b11',
    State: 'running',
    Persistent: 'yes',
    Autostart: 'yes',
    Capacity: capacity,
    Allocation: allocated,
    Available: capacity - allocated,
  }
  return `${Object.entries(fields)
    .map(([name, value]) => `${`${name}:`.padEnd(16)}${value}`)
    .join('\n')}\n\n`
}

/** `vol-list --details`: a disk of 20 GiB for each machine, of which 12 are taken. */
export function volumeList(world: World, host: string): string {
  const rows = world.hypervisors.on(host).map(({ name }) => {
    const file = `${name}.qcow2`
    return ` ${file.padEnd(24)}   ${`/var/lib/libvirt/images/${file}`.padEnd(48)}   file   20.00 GiB   12.00 GiB`
  })
  return ` Name   Path   Type   Capacity    Allocation\n${'-'.repeat(60)}\n${rows.join('\n')}\n\n`
}
