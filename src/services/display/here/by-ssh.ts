/** Whether a display is one that an sshd offers here and carries to a terminal: it is there for as long as that connection. sshd_config(5), X11DisplayOffset. */
export function isBySsh(display: string): boolean {
  const number = /^(?:localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})(?:\.\d+)?$/.exec(display)?.[1]
  return number !== undefined && Number(number) >= 10
}
