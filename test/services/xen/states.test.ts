import { describe, expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import type { MachineState } from '../../../src/services/libvirt/states.ts'
import { stateOnXen } from '../../../src/services/libvirt/xen/states.ts'

const told = (state: MachineState, reason = '') => ({ state, reason: label(reason) })
const said = (letters: string, libvirt?: ReturnType<typeof told>, lasts = 0, vcpus = 1) => {
  const { state, reason } = stateOnXen({ letters, vcpus }, libvirt, lasts)
  return reason ? `${state} (${reason})` : state
}

describe('the state of a machine on Xen', () => {
  it.each(['r-----', '-b----', '------'])('is running with %j, whatever made it', (letters) => {
    expect(said(letters)).toBe('running')
    expect(said(letters, told('running', 'booted'))).toBe('running (booted)')
    expect(said(letters, told('paused', 'user'))).toBe('running')
  })

  it('is a danger when Xen runs what libvirt says is off, for longer than the two are asked apart', () => {
    expect(said('-b----', told('shut off', 'migrated'))).toBe('running')
    expect(said('-b----', told('shut off', 'migrated'), 3000)).toBe("running (runs behind libvirt's back)")
    expect(said('-b----', told('crashed', 'crashed'), 3000)).toBe("running (runs behind libvirt's back)")
  })

  it('is paused with p; a machine that libvirt is building is starting up', () => {
    expect(said('--p---')).toBe('paused')
    expect(said('--p---', told('paused', 'user'))).toBe('paused (user)')
    expect(said('--p---', told('running', 'booted'))).toBe('paused')
    expect(said('--p---', told('shut off'))).toBe('paused (starting up)')
    expect(said('--p---', told('shut off'), 60_000)).toBe('paused (not known to libvirt)')
    expect(said('--p---', undefined, 30_000, 0)).toBe('paused (half built: its creation was cut off)')
  })

  it('is not yet off while it is taken apart: a start would fail', () => {
    expect(said('--ps--', told('shut off', 'shutdown'), 9000)).toBe(
      'in shutdown (has shut down, is taken apart)',
    )
    expect(said('-----d', told('shut off', 'destroyed'))).toBe('in shutdown (dying)')
  })

  it('goes on running through a reboot, and tells when nobody carries it out', () => {
    for (const letters of ['--psr-', '---sr-'])
      expect(said(letters, told('running', 'booted'))).toBe('running (reboots)')
    expect(said('---sr-', told('running'), 60_000)).toMatch(/nobody reacts/)
    expect(said('---sr-', told('shut off'))).toBe('running (reboots)')
  })

  it('is crashed with c while libvirt still says running', () => {
    expect(said('--psc-', told('running', 'booted'))).toBe('crashed (panicked)')
  })

  it('is suspended with s', () => {
    expect(said('---ss-', told('running', 'booted'))).toBe('paused (suspended for a migration or save)')
  })
})
