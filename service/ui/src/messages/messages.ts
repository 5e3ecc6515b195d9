import type { Choices } from '../api/shapes'
import { en, type Messages } from './en'

/** What the page says, in the reader's language; English is the only one so far. */
export const messages: Messages = en

/** A field of a node in words. */
export const fieldWord = (name: string): string => messages.fields[name] ?? name.replaceAll('_', ' ')

export type ChoiceField = keyof Choices

/** The values that a field can take, in the order of a form. */
export const valuesOf = <Field extends ChoiceField>(field: Field): Choices[Field][] => Object.keys(messages.choices[field]) as Choices[Field][]

/** A value of a field in words; one that the page does not know yet stands under its own name. */
export function choiceWord(field: string, value: unknown): string {
  const known: Record<string, Record<string, string>> = messages.choices
  return known[field]?.[String(value)] ?? String(value).replaceAll('-', ' ')
}
