import type { Kind } from '../api/shapes'
import type { ChoiceField } from '../messages/messages'

/** How one field of a node is asked for in a form. */
export type FieldSpec = {
  name: string
  /** The word of the catalogue where the name alone means another thing elsewhere. */
  label?: string
  required?: boolean
  /** Rarely filled: behind "More fields". */
  rare?: boolean
} & (
  | { as: 'line' | 'text' | 'credence' | 'number' | 'flag' | 'lines' | 'pairs' }
  | { as: 'choice'; of: ChoiceField }
  | { as: 'yes-no' }
  | { as: 'node' | 'nodes'; kinds: readonly Kind[] }
  | { as: 'group' | 'rows'; fields: readonly FieldSpec[] }
)

const rare = { rare: true } as const
const COMMON: FieldSpec[] = [
  { name: 'note', as: 'text', ...rare },
  { name: 'tags', as: 'lines', ...rare },
]
const DATING: FieldSpec[] = [
  { name: 'value', as: 'line' },
  { name: 'precision', as: 'choice', of: 'precision' },
  { name: 'earliest', as: 'line' },
  { name: 'latest', as: 'line' },
  { name: 'note', as: 'line' },
]
const QUANTITY: FieldSpec[] = [
  { name: 'value', as: 'number' },
  { name: 'min', as: 'number' },
  { name: 'max', as: 'number' },
  { name: 'min_inclusive', as: 'yes-no' },
  { name: 'max_inclusive', as: 'yes-no' },
  { name: 'unit', as: 'line' },
  { name: 'of', as: 'line', label: 'share_of' },
  { name: 'per', as: 'line' },
  { name: 'per_basis', as: 'line' },
  { name: 'approximate', as: 'flag' },
  { name: 'vague', as: 'line' },
]
const ACTOR: readonly Kind[] = ['actor']
const SOURCE: readonly Kind[] = ['source']
const BOX: readonly Kind[] = ['statement', 'motive']

/** The fields of each kind that a person may write, in the order of the form. */
export const FIELDS: Record<Kind, readonly FieldSpec[]> = {
  statement: [
    { name: 'text', as: 'text', required: true },
    { name: 'origin', as: 'choice', of: 'origin', required: true },
    {
      name: 'concerns',
      as: 'rows',
      fields: [
        { name: 'motive', as: 'node', kinds: ['motive'], required: true },
        { name: 'role', as: 'choice', of: 'role', required: true },
        { name: 'basis', as: 'choice', of: 'basis', required: true },
      ],
    },
    { name: 'credence', as: 'credence' },
    { name: 'scope', as: 'line', ...rare },
    ...COMMON,
  ],
  motive: [
    { name: 'name', as: 'line', required: true },
    { name: 'category', as: 'choice', of: 'category', required: true },
    { name: 'text', as: 'text', required: true },
    { name: 'actor', as: 'node', kinds: ACTOR, required: true },
    { name: 'definition', as: 'text' },
    { name: 'credence', as: 'credence' },
    ...COMMON,
  ],
  argument: [
    { name: 'premises', as: 'nodes', kinds: BOX, required: true },
    { name: 'stance', as: 'choice', of: 'stance', required: true },
    { name: 'target', as: 'node', kinds: ['statement', 'motive', 'argument'], required: true },
    { name: 'confidence', as: 'choice', of: 'confidence', required: true },
    { name: 'scheme', as: 'line' },
    { name: 'warrant', as: 'text' },
    { name: 'rationale', as: 'text' },
    { name: 'credence', as: 'credence' },
    ...COMMON,
  ],
  actor: [
    { name: 'name', as: 'line', required: true },
    { name: 'actor_kind', as: 'choice', of: 'actor_kind', required: true },
    { name: 'role', as: 'text' },
    { name: 'aliases', as: 'lines' },
    { name: 'affiliations', as: 'nodes', kinds: ACTOR },
    { name: 'external_ids', as: 'pairs', ...rare },
    { name: 'same_as', as: 'nodes', kinds: ACTOR, ...rare },
    ...COMMON,
  ],
  source: [
    { name: 'title', as: 'line', required: true },
    { name: 'source_kind', as: 'choice', of: 'source_kind', required: true },
    { name: 'publisher', as: 'node', kinds: ACTOR },
    { name: 'author', as: 'nodes', kinds: ACTOR },
    { name: 'published', as: 'group', fields: DATING },
    { name: 'url', as: 'line' },
    { name: 'reliability', as: 'choice', of: 'reliability' },
    { name: 'status', as: 'choice', of: 'status', required: true },
    { name: 'cited_in', as: 'nodes', kinds: SOURCE, ...rare },
    { name: 'repeats', as: 'nodes', kinds: SOURCE, ...rare },
    { name: 'same_as', as: 'nodes', kinds: SOURCE, ...rare },
    { name: 'sha256', as: 'line', ...rare },
    ...COMMON,
  ],
  assertion: [
    { name: 'of', as: 'node', kinds: ['statement', 'argument'], required: true },
    { name: 'source', as: 'node', kinds: SOURCE, required: true },
    { name: 'cited_source', as: 'node', kinds: SOURCE },
    { name: 'chain', as: 'nodes', kinds: ACTOR },
    { name: 'wording', as: 'text' },
    { name: 'quote', as: 'line' },
    {
      name: 'locator',
      as: 'group',
      fields: [
        { name: 'paragraph', as: 'number' },
        { name: 'start', as: 'number' },
        { name: 'end', as: 'number' },
        { name: 'prefix', as: 'line' },
        { name: 'suffix', as: 'line' },
      ],
    },
    { name: 'modality', as: 'choice', of: 'modality', required: true },
    { name: 'basis', as: 'choice', of: 'basis' },
    { name: 'polarity', as: 'choice', of: 'polarity', required: true },
    { name: 'hedges', as: 'lines' },
    { name: 'quantities', as: 'rows', fields: QUANTITY },
    { name: 'style', as: 'line', ...rare },
    { name: 'belief_holder', as: 'node', kinds: ACTOR, ...rare },
    { name: 'alternative_chain', as: 'nodes', kinds: ACTOR, ...rare },
    { name: 'probable_origin', as: 'nodes', kinds: ACTOR, ...rare },
    { name: 'presupposed', as: 'flag', ...rare },
    { name: 'forecast', as: 'flag', ...rare },
    { name: 'horizon', as: 'line', ...rare },
    { name: 'condition', as: 'text', ...rare },
    { name: 'dated', as: 'group', fields: DATING, ...rare },
    { name: 'credibility', as: 'number', ...rare },
    ...COMMON,
  ],
}

export const PLURALS: Record<Kind, string> = {
  actor: 'actors',
  motive: 'motives',
  statement: 'statements',
  argument: 'arguments',
  source: 'sources',
  assertion: 'assertions',
}

/** What a new node starts with, so that a form shows the service's own defaults. */
export const FRESH: Record<Kind, Record<string, unknown>> = {
  statement: { origin: 'asserted', credence: 0.5 },
  motive: { category: 'other', credence: 0.5 },
  argument: { stance: 'supporting', confidence: 'medium', credence: 1 },
  actor: { actor_kind: 'organisation' },
  source: { source_kind: 'article', status: 'current' },
  assertion: { modality: 'asserted', polarity: 'neutral' },
}
