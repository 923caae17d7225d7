import { DeskBook } from '../fleet/journal/desk-book.ts'
import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'

/**
 * What the desk's broker has written down.
 *
 * @throws {Failure} this user cannot use the file
 */
export function openBook(file: string): DeskBook {
  try {
    return new DeskBook(file)
  } catch (error) {
    throw new Failure(
      exit.config,
      say`${label(file)}: ${whyOf(error)}; it belongs to the desk's broker and to a group of its operators, both of whom write it (docs/desk-broker.md)`,
    )
  }
}
