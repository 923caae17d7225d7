/** Stands for packages that Ink brings and the console does without (bundle.mjs): for what does something, and for what would undo it. */
export default function nothing() {
  return nothing
}
