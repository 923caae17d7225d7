import { readdirSync, readFileSync } from 'node:fs'

const folder = (system: string) => new URL(`../../fixtures/${system}/`, import.meta.url)

/** Recorded output of libvirt 9.0.0 with QEMU; the index is fixtures/libvirt-9.0.0/README.md. */
export function libvirt(name: string): string {
  return readFileSync(new URL(name, folder('libvirt-9.0.0')), 'utf8')
}

/** Recorded output of a Xen 4.17 host; the index is fixtures/xen-4.17/README.md. */
export function xen(name: string): string {
  return readFileSync(new URL(name, folder('xen-4.17')), 'utf8')
}

/** Names of the recordings of libvirt that match. */
export function libvirtFiles(pattern: RegExp): string[] {
  return readdirSync(folder('libvirt-9.0.0')).filter((name) => pattern.test(name))
}

/** Recorded output of ipvsadm 1.31 and the kernel's tables; the index is fixtures/ipvsadm-1.31/README.md. */
export function lvs(name: string): string {
  return readFileSync(new URL(name, folder('ipvsadm-1.31')), 'utf8')
}

/** Recorded output and files of ldirectord 4.12; the index is fixtures/ldirectord-4.12/README.md. */
export function ldirectord(name: string): string {
  return readFileSync(new URL(name, folder('ldirectord-4.12')), 'utf8')
}

/** Recorded answers of OpenLDAP 2.5.13, as LDIF; the index is fixtures/openldap-2.5.13/README.md. */
export function openldap(name: string): string {
  return readFileSync(new URL(name, folder('openldap-2.5.13')), 'utf8')
}

/** Files of /proc of Linux 6.1.0; the index is fixtures/linux-6.1.0/README.md. */
export function linux(name: string): string {
  return readFileSync(new URL(name, folder('linux-6.1.0')), 'utf8')
}

/** Recorded answers of Pacemaker 2.1.5; the index is fixtures/pacemaker-2.1.5/README.md. */
export function pacemaker(name: string): string {
  return readFileSync(new URL(name, folder('pacemaker-2.1.5')), 'utf8')
}

/** Recorded answers of heartbeat 3.0.6; the index is fixtures/heartbeat-3.0.6/README.md. */
export function heartbeat(name: string): string {
  return readFileSync(new URL(name, folder('heartbeat-3.0.6')), 'utf8')
}

/** Recorded answers of keepalived 2.2.7; the index is fixtures/keepalived-2.2.7/README.md. */
export function keepalived(name: string): string {
  return readFileSync(new URL(name, folder('keepalived-2.2.7')), 'utf8')
}
