import { choiceWord, messages } from '../messages/messages'
import { plain } from '../messages/plain'
import { called } from '../state/called.svelte'
import type { FieldSpec } from './fields'

/** The value of a field for people, as the service keeps it. */
export function told(value: unknown, field: FieldSpec): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return messages.form.notSet
  if (field.as === 'choice') return choiceWord(field.of, value)
  if (field.as === 'node') return called(String(value))
  if (field.as === 'nodes') return (value as string[]).map((id) => called(id)).join(', ')
  return plain(value)
}

/** What the service says of nodes, which it calls by their ids, with the words of the nodes instead. */
export function inWords(text: string): string {
  return text.replaceAll(/'([A-Za-z0-9._~-]+)'/g, (all, id: string) => (called(id) === id ? all : `“${called(id)}”`))
}
