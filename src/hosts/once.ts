/**
 * A function that makes one thing of each object, when it is first asked for, and gives the same again as long as that object is there. What is known at
 * one moment is never changed in place, so what was made of it stays right.
 */
export function oncePer<K extends object, V extends object>(make: (of: K) => V): (of: K) => V {
  const made = new WeakMap<K, V>()
  return (of) => {
    const known = made.get(of) ?? make(of)
    made.set(of, known)
    return known
  }
}
