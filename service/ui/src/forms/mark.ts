import type { Fault } from '../api/shapes'
import type { Suggestion } from '../reading/suggestion'
import type { Marked } from '../state/reading.svelte'
import { messages } from '../messages/messages'
import { faultsOf } from './check'
import { cleaned, dense, draftOf, makingOf, type Chosen, type Operation, type Values } from './draft'
import { FIELDS, type FieldSpec } from './fields'

const field = (kind: keyof typeof FIELDS, name: string): FieldSpec => FIELDS[kind].find((one) => one.name === name) as FieldSpec

/** What is asked of a passage that is marked in a text, besides the claim and what it bears on. */
export const PASSAGE_FIELDS: readonly FieldSpec[] = [
  { name: 'said_by', as: 'node', kinds: ['actor'], create: 'actor' },
  { ...field('assertion', 'modality'), required: false },
  field('assertion', 'hedges'),
  field('assertion', 'quantities'),
  { name: 'target', label: 'for_or_against', as: 'node', kinds: ['motive', 'statement', 'argument'], create: 'statement' },
  { ...field('assertion', 'quote'), rare: true },
  { ...field('assertion', 'wording'), rare: true },
  { ...field('argument', 'confidence'), required: false, rare: true },
]
const TARGET = PASSAGE_FIELDS.filter((one) => one.name === 'target' || one.name === 'confidence')

/** The form filled in with what the service suggests, each of it to be seen before it is saved. */
export function suggestedValues(found: Suggestion, called: (id: string) => string): Values {
  const [speaker] = found.speakers
  const own = speaker?.actor && !(found.chain.length === 1 && found.chain[0] === speaker.actor) ? speaker.actor : null
  const given = { modality: found.modality, hedges: found.hedges.map((one) => one.text), quantities: found.quantities.map((one) => one.quantity) }
  const values = draftOf(given, PASSAGE_FIELDS)
  return { ...values, text: found.text, premise: null, stance: 'supporting', said_by: own ? { id: own, text: called(own) } : null, ...(speaker && !speaker.actor ? { 'said_by?': speaker.text } : {}) }
}

/** Below each field, from which words of the text it was suggested. */
export function suggestedFrom(found: Suggestion): Record<string, string> {
  const w = messages.reading
  const [speaker] = found.speakers
  const hints: Record<string, string> = {}
  if (speaker) hints.said_by = w.from(speaker.text, w.cues[speaker.how])
  if (found.hedges.length > 0) hints.hedges = w.suggestedHere
  if (found.hedges.length > 0) hints.modality = w.suggestedHere
  if (found.quantities.length > 0) hints.quantities = w.fromWords(found.quantities.map((one) => one.text))
  return hints
}

export function passageFaults(values: Values): Fault[] {
  const faults = faultsOf(values, PASSAGE_FIELDS)
  if (!values.premise && String(values.text ?? '').trim() === '') faults.unshift({ pointer: '/text', detail: messages.faults.required })
  return faults
}

/** Everything that a marked passage makes, as one transaction: what is new, the passage, and what it argues. */
export function passageOperations(values: Values, at: { source: string; publisher: string | null; passage: Marked; paragraph: number | null }, key: string): { operations: Operation[]; made: string } {
  const said = cleaned(values, PASSAGE_FIELDS)
  const operations = makingOf(values, PASSAGE_FIELDS)
  const premise = values.premise as Chosen | null
  const statement = premise?.id ?? `p-${key.slice(0, 12)}`
  const assertion: Operation = {
    op: 'create',
    kind: 'assertion',
    id: `x-${key.slice(0, 12)}`,
    value: dense({
      of: statement,
      source: at.source,
      chain: [...new Set([at.publisher, said.said_by as string | null])].filter((id) => id !== null),
      locator: dense({ paragraph: at.paragraph, ...at.passage }),
      modality: said.modality,
      hedges: said.hedges,
      quantities: said.quantities,
      quote: said.quote,
      wording: said.wording,
    }),
  }
  if (!premise) operations.push({ op: 'create', kind: 'statement', id: statement, value: { text: String(values.text).trim(), origin: 'attributed' } })
  operations.push(assertion)
  const { target, confidence } = cleaned(values, TARGET)
  if (target !== null) operations.push({ op: 'create', kind: 'argument', id: `a-${key.slice(0, 12)}`, value: { premises: [statement], target, stance: values.stance, ...dense({ confidence }) } })
  return { operations, made: statement }
}
