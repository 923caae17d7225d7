import type { Checks } from '../hosts/check.ts'
import { checkLdap } from '../services/ldap/check.ts'
import { checkRadius } from '../services/radius/check.ts'
import type { Member } from './member.ts'

/** Checks the servers of a host step by step, as its clients use them. */
export async function checkServers(
  checks: Checks,
  { ldap, radius }: Pick<Member, 'ldap' | 'radius'>,
): Promise<void> {
  if (ldap) await checkLdap(checks, ldap)
  if (radius) await checkRadius(checks, radius)
}
