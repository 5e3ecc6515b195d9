import type { Confidence, Kind, Stance } from '../api/shapes'

const KINDS = ['actor', 'motive', 'statement', 'argument', 'source', 'assertion'] as const
export const MODES = ['map', 'outline', 'table'] as const
const PANELS = ['none', 'node', 'why', 'paths', 'what-if', 'brief', 'filters', 'add', 'edit', 'new', 'map', 'guide', 'mark', 'history', 'merge', 'duplicates', 'drafts'] as const
export type Mode = (typeof MODES)[number]
export type PanelName = (typeof PANELS)[number]

/** Everything that decides what is on the screen; the address holds all of it. */
export interface ViewState {
  map: string | null
  /** Null leaves it to the room that the window has, and `none` as a panel closes it. */
  mode: Mode | null
  panel: PanelName | null
  selected: string | null
  focus: string | null
  depth: number
  /** So many nodes are loaded at most; a larger map is cut by the service, which says so. */
  budget: number
  asOf: string | null
  /** A draft with which the map is seen, and which is no part of it yet. */
  draft: string | null
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
  /** Of what kind a table is, the words that its rows hold, and its columns where they were chosen. */
  table: Kind | null
  words: string | null
  columns: string[]
  /** What a summary is of: a motive, an actor, a source or a statement; null is the whole map. */
  about: string | null
  /** The source whose text stands beside the map, and the passage of it that is chosen, `284-367`. */
  reading: string | null
  passage: string | null
  /** What a form is for: the target and stance of a new argument, or the kind of a new node. */
  form: string | null
}

export const NO_FILTERS: Pick<ViewState, 'sources' | 'actors' | 'motives' | 'without' | 'basis' | 'minConfidence' | 'stance'> = {
  sources: [],
  actors: [],
  motives: [],
  without: [],
  basis: 'all',
  minConfidence: 'low',
  stance: null,
}

export const START: ViewState = {
  ...NO_FILTERS,
  map: null,
  mode: null,
  panel: null,
  selected: null,
  focus: null,
  depth: 2,
  budget: 1500,
  asOf: null,
  draft: null,
  toggled: [],
  unfolded: false,
  from: null,
  to: null,
  path: null,
  verdicts: false,
  off: [],
  credences: {},
  sort: null,
  table: null,
  words: null,
  columns: [],
  about: null,
  reading: null,
  passage: null,
  form: null,
}

const WORDS = {
  map: 'map',
  selected: 'selected',
  focus: 'focus',
  asOf: 'as_of',
  draft: 'draft',
  from: 'from',
  to: 'to',
  sort: 'sort',
  words: 'words',
  about: 'about',
  reading: 'reading',
  passage: 'passage',
  form: 'form',
} as const
const OF_PANELS: Partial<Record<keyof ViewState, (PanelName | null)[]>> = {
  from: ['paths'],
  to: ['paths'],
  about: ['brief'],
  form: ['add', 'new', 'edit', 'map', 'mark', 'merge'],
}
const LISTS = {
  sources: 'sources',
  actors: 'actors',
  motives: 'motives',
  without: 'without',
  toggled: 'fold',
  off: 'off',
  columns: 'column',
} as const

export function read(search: string): ViewState {
  const query = new URLSearchParams(search)
  const view: ViewState = { ...START, credences: {} }
  for (const [field, name] of entries(WORDS)) view[field] = query.get(name) || null
  for (const [field, name] of entries(LISTS)) view[field] = [...new Set(query.getAll(name).filter(Boolean))]
  view.mode = one(query.get('view'), MODES)
  view.panel = one(query.get('panel'), PANELS)
  view.table = one(query.get('table'), KINDS)
  view.depth = Number(one(query.get('depth'), ['1', '2', '3'] as const) ?? START.depth)
  view.budget = /^\d{3,5}$/.test(query.get('budget') ?? '') ? Number(query.get('budget')) : START.budget
  view.basis = one(query.get('basis'), ['explicit'] as const) ?? 'all'
  view.minConfidence = one(query.get('min_confidence'), ['medium', 'high'] as const) ?? 'low'
  view.stance = one(query.get('stance'), ['supporting', 'opposing'] as const)
  view.unfolded = query.get('unfolded') === '1'
  view.verdicts = query.get('verdicts') === '1'
  view.path = /^\d{1,4}$/.test(query.get('path') ?? '') ? Number(query.get('path')) : null
  for (const pair of query.getAll('credence')) {
    // An id holds no colon, so the last one parts it from the number.
    const at = pair.lastIndexOf(':')
    const value = Number(pair.slice(at + 1))
    if (at > 0 && value >= 0 && value <= 1) view.credences[pair.slice(0, at)] = value
  }
  return view
}

export function write(view: ViewState): string {
  const query = new URLSearchParams()
  if (view.map) query.set('map', view.map)
  if (view.mode) query.set('view', view.mode)
  viewParameters(view, query)
  if (view.stance) query.set('stance', view.stance)
  for (const [field, name] of entries(WORDS)) {
    const value = view[field]
    const only = OF_PANELS[field]
    // What only a closed panel would show is no part of what is on the screen.
    if (value && name !== 'map' && name !== 'as_of' && name !== 'draft' && (only === undefined || only.includes(view.panel))) query.set(name, value)
  }
  if (view.focus && view.depth !== START.depth) query.set('depth', String(view.depth))
  if (view.budget !== START.budget) query.set('budget', String(view.budget))
  if (view.panel) query.set('panel', view.panel)
  if (view.unfolded) query.set('unfolded', '1')
  for (const id of view.toggled) query.append('fold', id)
  if (view.path !== null && view.panel === 'paths') query.set('path', String(view.path))
  if (view.verdicts) query.set('verdicts', '1')
  if (view.table) query.set('table', view.table)
  for (const name of view.columns) query.append('column', name)
  for (const id of view.off) query.append('off', id)
  for (const [id, value] of Object.entries(view.credences)) query.append('credence', `${id}:${value}`)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The view parameters of the service, the same for every question. */
export function viewParameters(view: ViewState, query = new URLSearchParams()): URLSearchParams {
  momentOf(view, query)
  for (const name of ['sources', 'actors', 'motives', 'without'] as const) {
    for (const id of view[name]) query.append(name, id)
  }
  if (view.basis !== 'all') query.set('basis', view.basis)
  if (view.minConfidence !== 'low') query.set('min_confidence', view.minConfidence)
  return query
}

/** Of the view only which state of the map it is: now, an earlier one, or what a draft would make of it. */
export function momentOf(view: ViewState, query = new URLSearchParams()): URLSearchParams {
  if (view.asOf) query.set('as_of', view.asOf)
  if (view.draft) query.set('draft', view.draft)
  return query
}

export function filterCount(view: ViewState): number {
  const lists = view.sources.length + view.actors.length + view.motives.length + view.without.length
  const others = [view.basis !== 'all', view.minConfidence !== 'low', view.stance !== null]
  return lists + others.filter(Boolean).length
}

function one<const T extends string>(value: string | null, known: readonly T[]): T | null {
  return known.find((word) => word === value) ?? null
}

function entries<T extends object>(value: T): [keyof T, T[keyof T]][] {
  return Object.entries(value) as [keyof T, T[keyof T]][]
}
