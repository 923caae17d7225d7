import { xen } from '../../support/fixture.ts'

export const pv1 = '0c5c3e2e-ec82-4409-95bf-20a4f08e9afe'
export const pv2 = '908c1762-a017-43bf-91bd-c7e31c23059d'
export const pvh2 = '7285d25c-7eee-4b32-a88d-a64dfbe54cfd'
const zeros = '00000000-0000-0000-0000-000000000000'
const uuids: Record<string, string> = {
  'Domain-0': zeros,
  pv1,
  pv2,
  pvh2,
  pvh1: '3d0f4c57-6c0a-4e39-8a92-1d6f0a4f4e10',
  'pvh1--incoming': '3d0f4c57-6c0a-4e39-8a92-1d6f0a4f4e10',
  '(null)': '5b5f7e42-0f9e-4b0c-9a65-0a3c7e0f9d21',
}

/** A recorded `xl list` with the columns that `-v` adds, in the form of `xl/list-verbose.txt`. */
export function verbose(list: string): string {
  return list
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line.startsWith('Name '))
        return `${line}   UUID                            Reason-Code\tSecurity Label`
      const uuid = uuids[line.split(' ')[0] ?? ''] ?? zeros
      return `${line} ${uuid}        -                -`
    })
    .join('\n')
    .concat('\n')
}

/** The samples of a recording that has a `#` line before each. */
export function samples(name: string): string[] {
  return xen(name)
    .split(/^# .*\n/m)
    .slice(1)
}

/** One row of `xl list -v`. */
export function row(
  name: string,
  id: number,
  vcpus: number,
  letters: string,
  seconds: number,
  uuid: string,
): string {
  const [n, i, c, s] = [
    name.padEnd(40),
    String(id).padStart(5),
    String(vcpus).padStart(5),
    seconds.toFixed(1),
  ]
  return `${n} ${i}    96 ${c}     ${letters} ${s.padStart(8)} ${uuid}        -                -`
}
