import type { Commands } from '../command.ts'

/** The virsh commands on the hypervisor itself, in the forms of libvirt 9.0. */
export const hostCommands: Commands = {
  uri: () => ({ out: 'qemu:///system\n\n' }),
  hostname: (_, host) => ({ out: `${host}\n\n` }),
  version: () => ({
    out: 'Using library: libvirt 9.0.0\nUsing API: QEMU 9.0.0\nRunning hypervisor: QEMU 7.2.22\n\n',
  }),
  nodeinfo: (world, host) => {
    const facts = world.hypervisors.hosts.get(host)
    return {
      out: `CPU model:           x86_64\nCPU(s):              ${facts?.cpus}\nMemory size:         ${facts?.memoryKiB} KiB\n\n`,
    }
  },
  nodecpustats: (world, host) => {
    const facts = world.hypervisors.hosts.get(host)
    const busy = Math.round(facts?.cpuBusyNs ?? 0)
    const idle = Math.round((facts?.cpuTotalNs ?? 0) - (facts?.cpuBusyNs ?? 0))
    return { out: `user:    ${busy}\nsystem:  0\nidle:    ${idle}\niowait:  0\n\n` }
  },
  nodememstats: (world, host) => {
    const facts = world.hypervisors.hosts.get(host)
    if (!facts) return {}
    return {
      out: `total  : ${facts.memoryKiB} KiB\nfree   : ${world.hypervisors.freeKiB(facts)} KiB\nbuffers: 0 KiB\ncached : 0 KiB\n\n`,
    }
  },
  'net-list': () => ({ out: 'default\n\n' }),
  domcapabilities: () => ({
    out: '<domainCapabilities><domain>kvm</domain><arch>x86_64</arch></domainCapabilities>\n\n',
  }),
}
