/**
 * For what may be written in more than one way, or has parts of its own: an example says more than the word *object*.
 *
 * @param example what stands behind *expected* where something else was found
 */
export function suchAs(example: string): {
  error: (issue: { readonly code?: string }) => string | undefined
} {
  return { error: ({ code }) => (code === 'invalid_type' ? example : undefined) }
}
