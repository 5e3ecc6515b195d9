import type { Confidence, Stance } from '../api/shapes'

export const VIEWS = ['map', 'outline', 'table'] as const
export const PANELS = ['node', 'why', 'paths', 'what-if', 'summary', 'filters', 'add', 'edit', 'new'] as const
export type ViewName = (typeof VIEWS)[number]
export type PanelName = (typeof PANELS)[number]

/** Everything that decides what is on the screen; the address holds all of it. */
export interface Sight {
  map: string | null
  view: ViewName
  panel: PanelName | null
  selected: string | null
  focus: string | null
  depth: number
  asOf: string | null
  sources: string[]
  actors: string[]
  motives: string[]
  without: string[]
  basis: 'all' | 'explicit'
  minConfidence: Confidence
  stance: Stance | null
  /** Boxes whose fold differs from what the page would choose by itself. */
  toggled: string[]
  unfolded: boolean
  from: string | null
  to: string | null
  path: number | null
  verdicts: boolean
  off: string[]
  credences: Record<string, number>
  sort: string | null
  /** What a summary is of: a motive, an actor, a source or a statement; null is the whole map. */
  about: string | null
  /** What a form is for: the target and stance of a new argument, or the kind of a new node. */
  form: string | null
}

export const START: Sight = {
  map: null,
  view: 'map',
  panel: null,
  selected: null,
  focus: null,
  depth: 2,
  asOf: null,
  sources: [],
  actors: [],
  motives: [],
  without: [],
  basis: 'all',
  minConfidence: 'low',
  stance: null,
  toggled: [],
  unfolded: false,
  from: null,
  to: null,
  path: null,
  verdicts: false,
  off: [],
  credences: {},
  sort: null,
  about: null,
  form: null,
}

const WORDS = {
  map: 'map',
  selected: 'selected',
  focus: 'focus',
  asOf: 'as_of',
  from: 'from',
  to: 'to',
  sort: 'sort',
  about: 'about',
  form: 'form',
} as const
const LISTS = {
  sources: 'sources',
  actors: 'actors',
  motives: 'motives',
  without: 'without',
  toggled: 'fold',
  off: 'off',
} as const

export function read(search: string): Sight {
  const query = new URLSearchParams(search)
  const sight: Sight = { ...START, credences: {} }
  for (const [field, name] of entries(WORDS)) sight[field] = query.get(name) || null
  for (const [field, name] of entries(LISTS)) sight[field] = [...new Set(query.getAll(name).filter(Boolean))]
  sight.view = one(query.get('view'), VIEWS) ?? 'map'
  sight.panel = one(query.get('panel'), PANELS)
  sight.depth = Number(one(query.get('depth'), ['1', '2', '3'] as const) ?? START.depth)
  sight.basis = one(query.get('basis'), ['explicit'] as const) ?? 'all'
  sight.minConfidence = one(query.get('min_confidence'), ['medium', 'high'] as const) ?? 'low'
  sight.stance = one(query.get('stance'), ['supporting', 'opposing'] as const)
  sight.unfolded = query.get('unfolded') === '1'
  sight.verdicts = query.get('verdicts') === '1'
  sight.path = /^\d{1,4}$/.test(query.get('path') ?? '') ? Number(query.get('path')) : null
  for (const pair of query.getAll('credence')) {
    // An id holds no colon, so the last one parts it from the number.
    const at = pair.lastIndexOf(':')
    const value = Number(pair.slice(at + 1))
    if (at > 0 && value >= 0 && value <= 1) sight.credences[pair.slice(0, at)] = value
  }
  return sight
}

export function write(sight: Sight): string {
  const query = new URLSearchParams()
  if (sight.map) query.set('map', sight.map)
  if (sight.view !== START.view) query.set('view', sight.view)
  viewParameters(sight, query)
  if (sight.stance) query.set('stance', sight.stance)
  for (const [field, name] of entries(WORDS)) {
    const value = sight[field]
    if (value && name !== 'map' && name !== 'as_of') query.set(name, value)
  }
  if (sight.focus && sight.depth !== START.depth) query.set('depth', String(sight.depth))
  if (sight.panel) query.set('panel', sight.panel)
  if (sight.unfolded) query.set('unfolded', '1')
  for (const id of sight.toggled) query.append('fold', id)
  if (sight.path !== null) query.set('path', String(sight.path))
  if (sight.verdicts) query.set('verdicts', '1')
  for (const id of sight.off) query.append('off', id)
  for (const [id, value] of Object.entries(sight.credences)) query.append('credence', `${id}:${value}`)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The view parameters of the service, the same for every question. */
export function viewParameters(sight: Sight, query = new URLSearchParams()): URLSearchParams {
  if (sight.asOf) query.set('as_of', sight.asOf)
  for (const name of ['sources', 'actors', 'motives', 'without'] as const) {
    for (const id of sight[name]) query.append(name, id)
  }
  if (sight.basis !== 'all') query.set('basis', sight.basis)
  if (sight.minConfidence !== 'low') query.set('min_confidence', sight.minConfidence)
  return query
}

export function filterCount(sight: Sight): number {
  const lists = sight.sources.length + sight.actors.length + sight.motives.length + sight.without.length
  const others = [sight.basis !== 'all', sight.minConfidence !== 'low', sight.stance !== null, sight.asOf !== null]
  return lists + others.filter(Boolean).length
}

export const NO_FILTERS: Partial<Sight> = {
  sources: [],
  actors: [],
  motives: [],
  without: [],
  basis: 'all',
  minConfidence: 'low',
  stance: null,
  asOf: null,
}

function one<const T extends string>(value: string | null, known: readonly T[]): T | null {
  return known.find((word) => word === value) ?? null
}

function entries<T extends object>(value: T): [keyof T, T[keyof T]][] {
  return Object.entries(value) as [keyof T, T[keyof T]][]
}
