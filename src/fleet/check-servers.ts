import type { Checks } from '../hosts/check.ts'
import { checkLdap } from '../services/ldap/check.ts'
import { checkRadius } from '../services/radius/check.ts'
import type { Member } from './member.ts'

/** Asks what a host serves as its clients do, step by step. */
export async function checkServers(
  checks: Checks,
  { ldap, radius }: Pick<Member, 'ldap' | 'radius'>,
): Promise<void> {
  if (ldap) await checkLdap(checks, ldap)
  if (radius) await checkRadius(checks, radius)
}
