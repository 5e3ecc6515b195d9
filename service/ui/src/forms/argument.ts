import type { Fault } from '../api/shapes'
import { messages } from '../messages/messages'
import { faultsOf } from './check'
import { cleaned, dense, makingOf, type Chosen, type Operation, type Values } from './draft'
import { FIELDS, type FieldSpec } from './fields'

const field = (kind: keyof typeof FIELDS, name: string): FieldSpec => FIELDS[kind].find((one) => one.name === name) as FieldSpec

/** What the form of a new argument asks besides the claim itself and its stance. */
export const ARGUMENT_FIELDS: readonly FieldSpec[] = [
  { name: 'target', label: 'for_or_against', as: 'node', kinds: ['motive', 'statement', 'argument'], create: 'statement', required: true },
  { name: 'said_by', as: 'node', kinds: ['actor'], create: 'actor' },
  { name: 'source', as: 'node', kinds: ['source'], create: 'source' },
  { name: 'paragraph', as: 'number', min: 0, whole: true },
  { name: 'together', as: 'nodes', kinds: ['statement', 'motive'], create: 'statement', rare: true },
  { ...field('assertion', 'modality'), required: false, rare: true },
  { ...field('assertion', 'hedges'), rare: true },
  { ...field('assertion', 'quote'), rare: true },
  { ...field('argument', 'confidence'), required: false, rare: true },
  { ...field('argument', 'warrant'), rare: true },
]

/** What is missing or wrong before anything is sent. */
export function argumentFaults(draft: Values): Fault[] {
  const faults = faultsOf(draft, ARGUMENT_FIELDS)
  if (!draft.premise && String(draft.text ?? '').trim() === '') faults.unshift({ pointer: '/text', detail: messages.faults.required })
  const said = cleaned(draft, ARGUMENT_FIELDS)
  const passage = ['said_by', 'paragraph', 'modality', 'quote'].some((name) => said[name] !== null) || (said.hedges as string[]).length > 0
  if (passage && !said.source && !faults.some((one) => one.pointer.startsWith('/source'))) faults.push({ pointer: '/source', detail: messages.faults.sourceNeeded })
  return faults
}

/** The short form that the service takes, where it says everything: it answers with what is nearly the same. */
export function argumentBody(draft: Values): Values | null {
  const said = cleaned(draft, ARGUMENT_FIELDS)
  const more = ['modality', 'quote'].some((name) => said[name] !== null) || ['hedges', 'together'].some((name) => (said[name] as string[]).length > 0)
  const fresh = makingOf(draft, ARGUMENT_FIELDS).length > 0
  const premise = draft.premise as Chosen | null
  if (more || fresh || (premise && said.source)) return null
  const given = premise ? { premises: [premise.id] } : { text: String(draft.text).trim() }
  const place = said.paragraph === null ? {} : { locator: { paragraph: said.paragraph } }
  return { ...given, ...dense({ stance: draft.stance, target: said.target, confidence: said.confidence, warrant: said.warrant, actor: said.said_by, source: said.source }), ...place }
}

/** Everything that the form makes, as one transaction; `publisherOf` knows who publishes a source that is there. */
export function argumentOperations(draft: Values, publisherOf: (source: string) => string | null, key: string): { operations: Operation[]; argument: string; claim: string | null } {
  const said = cleaned(draft, ARGUMENT_FIELDS)
  const operations = makingOf(draft, ARGUMENT_FIELDS)
  const premise = draft.premise as Chosen | null
  const statement = premise?.id ?? `p-${key.slice(0, 12)}`
  if (!premise) operations.push({ op: 'create', kind: 'statement', id: statement, value: { text: String(draft.text).trim() } })
  if (said.source) {
    const source = draft.source as Chosen
    const publisher = source.fresh ? ((source.fresh.publisher as Chosen | null)?.id ?? null) : publisherOf(source.id)
    const chain = [...new Set([publisher, said.said_by as string | null])].filter((id) => id !== null)
    const locator = said.paragraph === null ? null : { paragraph: said.paragraph }
    const value = dense({ of: statement, source: said.source, chain, locator, modality: said.modality, hedges: said.hedges, quote: said.quote })
    operations.push({ op: 'create', kind: 'assertion', id: `x-${key.slice(0, 12)}`, value })
  }
  const argument = `a-${key.slice(0, 12)}`
  const premises = [...new Set([statement, ...(said.together as string[])])]
  operations.push({ op: 'create', kind: 'argument', id: argument, value: { premises, ...dense({ stance: draft.stance, target: said.target, confidence: said.confidence, warrant: said.warrant }) } })
  return { operations, argument, claim: premise ? null : statement }
}
