import * as z from 'zod'

/** The settings that there are at a place of the configuration, by the names of the file; none where it holds no settings. */
export function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path
  const here = bare(schema)
  if (here instanceof z.ZodArray) return knownKeys(here.element, rest)
  if (!(here instanceof z.ZodObject)) return []
  return first === undefined ? Object.keys(here.shape) : knownKeys(here.shape[String(first)], rest)
}

/** Without what only says that it may be left out, or written shorter. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return bare(schema.out)
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? bare(schema.unwrap()) : schema
}
