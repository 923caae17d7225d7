import { printed } from './printed.ts'

/** As the system has it, wherever it has it from: getent(1). */
export async function userName(uid: number): Promise<string> {
  const line = await printed(['getent', 'passwd', String(uid)])
  return line?.split(':')[0] || String(uid)
}

/** Milliseconds: a look does not wait longer for a directory that does not answer. */
const patience = 1_000
/** Letters of a name. */
const longest = 100

/** What these people are called in full, by their numbers; who has no such name there is none of them. */
export async function fullNames(uids: readonly number[]): Promise<Readonly<Record<string, string>>> {
  if (!uids.length) return {}
  // Of those whom it does not find it says nothing, and fails.
  const text = await printed(['getent', 'passwd', ...uids.map(String)], { patience, anyway: true })
  return readFullNames(text ?? '')
}

/** What `getent passwd` printed: passwd(5), whose fifth field begins with the name, as chfn(1) keeps it. */
export function readFullNames(text: string): Readonly<Record<string, string>> {
  const found = text.split('\n').flatMap((line) => {
    const [user = '', , uid = '', , about = ''] = line.split(':')
    const name = about.split(',')[0]?.trim().slice(0, longest) ?? ''
    return /^\d{1,10}$/.test(uid) && name && name !== user ? [[uid, name] as const] : []
  })
  return Object.fromEntries(found)
}
