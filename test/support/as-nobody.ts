/** The user with no rights of its own, who is called nobody: Debian's base-passwd. */
const nobody = 65_534

/** Does it as a user whom file modes stop; they do not stop root, as whom CI runs. Only what is done before it returns counts. */
export function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(nobody)
  try {
    return act()
  } finally {
    process.seteuid?.(0)
  }
}
