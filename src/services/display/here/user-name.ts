import { printed } from './printed.ts'

/** As the system has it, wherever it has it from: getent(1). */
export async function userName(uid: number): Promise<string> {
  const line = await printed(['getent', 'passwd', String(uid)])
  return line?.split(':')[0] || String(uid)
}
