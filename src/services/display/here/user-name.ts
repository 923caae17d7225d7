import { execa } from 'execa'

/** Milliseconds for getent(1). */
const patience = 5000

/** As the system has it, wherever it has it from: getent(1). */
export async function userName(uid: number): Promise<string> {
  const { stdout } = await execa('getent', ['passwd', String(uid)], { reject: false, timeout: patience })
  return stdout?.split(':')[0] || String(uid)
}
