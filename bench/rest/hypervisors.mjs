// Hypervisors for the bench: each virsh that the console starts is a process that answers by itself (bench/rest/virsh.mjs).
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Puts a virsh into the directory; the hosts for the configuration. */
export async function hypervisors({ hosts, machines, busy }, directory) {
  const virsh = join(directory, 'virsh')
  writeFileSync(
    virsh,
    `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, 'virsh.mjs')}' "$@"\n`,
  )
  chmodSync(virsh, 0o755)
  const of = (n) =>
    `  - { name: hv${n}, local: true, roles: [hypervisor], libvirt: 'qemu:///${n}?machines=${machines}&busy=${busy}' }`
  return {
    config: `hosts:\n${Array.from({ length: hosts }, (_, n) => of(n + 1)).join('\n')}\n`,
    env: {},
    looks: () => undefined,
    end: () => {},
  }
}
