import type { Output } from '../hosts/host.ts'

export const said = (stdout: string): Output => ({ code: 0, stdout, stderr: '' })

export const failed = (code: number, stderr: string): Output => ({ code, stdout: '', stderr: `${stderr}\n` })
