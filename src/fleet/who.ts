import { hostname, userInfo } from 'node:os'
import { type Label, label, say } from '../hosts/label.ts'

/** Who acts: the user here, and where the ssh session came from. */
export function whoAmI(env: NodeJS.ProcessEnv = process.env): Label {
  const from = env.SSH_CONNECTION?.split(' ')[0]
  const sudo = env.SUDO_USER ? say`${label(env.SUDO_USER)} as ` : say``
  const user = say`${sudo}${label(userName())}@${label(hostname())}`
  return from ? say`${user} from ${label(from)}` : user
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
