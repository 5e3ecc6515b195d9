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
  | { as: 'line' | 'text' | 'credence' | 'flag' | 'lines' | 'pairs' | 'yes-no' | 'date' | 'url' }
  /** A word in the service's own form; `suggest` names the words that are offered. */
  | { as: 'slug'; suggest?: 'category' }
  | { as: 'number'; min?: number; max?: number; whole?: boolean }
  | { as: 'choice'; of: ChoiceField; not?: readonly string[] }
  | { as: 'node' | 'nodes'; kinds: readonly Kind[]; create?: Kind }
  | { as: 'group' | 'rows'; fields: readonly FieldSpec[] }
)

const rare = { rare: true } as const
const COMMON: FieldSpec[] = [
  { name: 'note', as: 'text', ...rare },
  { name: 'tags', as: 'lines', ...rare },
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
const ACTOR = { kinds: ['actor'], create: 'actor' } as const
const SOURCE = { kinds: ['source'], create: 'source' } as const

/** The fields of each kind that a person may write, in the order of the form. */
export const FIELDS: Record<Kind, readonly FieldSpec[]> = {
  statement: [
    { name: 'text', as: 'text', required: true },
    { name: 'origin', as: 'choice', of: 'origin' },
    {
      name: 'concerns',
      as: 'rows',
      fields: [
        { name: 'motive', as: 'node', kinds: ['motive'], required: true },
        { name: 'role', as: 'choice', of: 'role', required: true },
        { name: 'basis', as: 'choice', of: 'basis', not: ['own'], required: true },
      ],
    },
    { name: 'about', as: 'nodes', ...ACTOR },
    { name: 'credence', as: 'credence' },
    { name: 'scope', as: 'slug', ...rare },
    ...COMMON,
  ],
  motive: [
    { name: 'name', as: 'line', required: true },
    { name: 'text', as: 'text', required: true },
    { name: 'actor', as: 'node', ...ACTOR, required: true },
    { name: 'category', as: 'slug', suggest: 'category', required: true },
    { name: 'definition', as: 'text' },
    { name: 'credence', as: 'credence' },
    ...COMMON,
  ],
  argument: [
    { name: 'premises', as: 'nodes', kinds: ['statement', 'motive'], create: 'statement', required: true },
    { name: 'stance', as: 'choice', of: 'stance', required: true },
    { name: 'target', as: 'node', kinds: ['statement', 'motive', 'argument'], required: true },
    { name: 'confidence', as: 'choice', of: 'confidence' },
    { name: 'scheme', as: 'slug' },
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
    { name: 'affiliations', as: 'nodes', ...ACTOR },
    { name: 'external_ids', as: 'pairs', ...rare },
    { name: 'same_as', as: 'nodes', kinds: ['actor'], ...rare },
    ...COMMON,
  ],
  source: [
    { name: 'title', as: 'line', required: true },
    { name: 'source_kind', as: 'choice', of: 'source_kind', required: true },
    { name: 'publisher', as: 'node', ...ACTOR },
    { name: 'author', as: 'nodes', ...ACTOR },
    { name: 'published', as: 'date' },
    { name: 'url', as: 'url' },
    { name: 'reliability', as: 'choice', of: 'reliability' },
    { name: 'status', as: 'choice', of: 'status', required: true },
    { name: 'cited_in', as: 'nodes', ...SOURCE, ...rare },
    { name: 'repeats', as: 'nodes', ...SOURCE, ...rare },
    { name: 'same_as', as: 'nodes', kinds: ['source'], ...rare },
    { name: 'sha256', as: 'line', ...rare },
    ...COMMON,
  ],
  assertion: [
    { name: 'of', as: 'node', kinds: ['statement', 'argument'], create: 'statement', required: true },
    { name: 'source', as: 'node', ...SOURCE, required: true },
    { name: 'chain', as: 'nodes', ...ACTOR },
    { name: 'wording', as: 'text' },
    { name: 'match', as: 'choice', of: 'match', ...rare },
    { name: 'quote', as: 'line' },
    {
      name: 'locator',
      as: 'group',
      fields: [
        { name: 'paragraph', as: 'number', min: 0, whole: true },
        { name: 'start', as: 'number', min: 0, whole: true },
        { name: 'end', as: 'number', min: 0, whole: true },
        { name: 'prefix', as: 'line' },
        { name: 'suffix', as: 'line' },
      ],
    },
    { name: 'modality', as: 'choice', of: 'modality', required: true },
    { name: 'hedges', as: 'lines' },
    { name: 'polarity', as: 'choice', of: 'polarity', required: true },
    { name: 'basis', as: 'choice', of: 'basis', not: ['own'] },
    { name: 'quantities', as: 'rows', fields: QUANTITY },
    { name: 'cited_source', as: 'node', ...SOURCE, ...rare },
    { name: 'style', as: 'slug', ...rare },
    { name: 'belief_holder', as: 'node', ...ACTOR, ...rare },
    { name: 'alternative_chain', as: 'nodes', ...ACTOR, ...rare },
    { name: 'probable_origin', as: 'nodes', ...ACTOR, ...rare },
    { name: 'presupposed', as: 'flag', ...rare },
    { name: 'forecast', as: 'flag', ...rare },
    { name: 'horizon', as: 'slug', ...rare },
    { name: 'condition', as: 'text', ...rare },
    { name: 'dated', as: 'date', ...rare },
    { name: 'credibility', as: 'number', min: 1, max: 6, whole: true, ...rare },
    ...COMMON,
  ],
}

/** What is asked when a node is made on the spot, inside of another form. */
export const ON_THE_SPOT: Record<Kind, readonly FieldSpec[]> = {
  actor: pick('actor', 'name', 'actor_kind'),
  source: pick('source', 'title', 'source_kind', 'publisher', 'published', 'url'),
  statement: pick('statement', 'text'),
  motive: pick('motive', 'name', 'text', 'actor', 'category'),
  argument: [],
  assertion: [],
}

/** The field that what was typed goes into. */
export const NAMED: Record<Kind, string> = { actor: 'name', source: 'title', statement: 'text', motive: 'name', argument: 'warrant', assertion: 'wording' }

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
  statement: {},
  motive: {},
  argument: { stance: 'supporting' },
  actor: { actor_kind: 'organisation' },
  source: { source_kind: 'article', status: 'current' },
  assertion: { modality: 'asserted', polarity: 'neutral' },
}

function pick(kind: Kind, ...names: string[]): FieldSpec[] {
  return names.flatMap((name) => FIELDS[kind].find((field) => field.name === name) ?? [])
}
