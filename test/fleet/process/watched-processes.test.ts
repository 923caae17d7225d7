import { describe, expect, it } from 'vitest'
import { watchedProcesses } from '../../../src/fleet/process/watched.ts'

const owners = (...args: Parameters<typeof watchedProcesses>) =>
  Object.fromEntries(watchedProcesses(...args).map(({ name, owners }) => [name, owners.join(' ')]))

describe('watchedProcesses', () => {
  it('are slapd and FreeRADIUS of their usual owners, where they serve', () => {
    const usual = { slapd: 'openldap ldap root', freeradius: 'freerad root', radiusd: 'radiusd freerad root' }
    expect(owners({ roles: ['frontend'] })).toEqual(usual)
    expect(owners({ roles: ['directory'] })).toEqual(usual)
    expect(owners({ roles: ['balancer'] })).toEqual({})
  })

  it('are those that are named, of root or of the user called so, else of whom is named', () => {
    expect(owners({ roles: ['balancer'], processes: ['nslcd', 'mysqld@mysql', 'mysqld@root'] })).toEqual({
      nslcd: 'root nslcd',
      mysqld: 'mysql root',
    })
  })

  it('have other owners where these are named', () => {
    expect(owners({ roles: ['frontend'], processes: ['slapd@directory'] })).toMatchObject({
      slapd: 'directory',
    })
  })
})
