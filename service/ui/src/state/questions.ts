import { viewParameters, type ViewState } from './view_state'

/** The path of a map, or of what stands below it. */
export function path(map: string, below = '', query: URLSearchParams | null = null): string {
  const text = query?.toString() ?? ''
  return `/v1/maps/${encodeURIComponent(map)}${below && `/${below}`}${text && `?${text}`}`
}

export function graphParameters(view: ViewState): URLSearchParams {
  const query = viewParameters(view)
  query.set('budget', String(view.budget))
  if (view.focus) {
    query.set('focus', view.focus)
    // A hop of the reader is one argument; in the graph that are two links.
    query.set('depth', String(view.depth * 2))
  }
  return query
}

/** The lists of those whom a map speaks of, whole: in a past view, too, nodes are called as they are now. */
export function namePaths(map: string, view: ViewState): string[] {
  const query = new URLSearchParams({ limit: '1000' })
  if (view.draft) query.set('draft', view.draft)
  return ['actors', 'sources', 'motives'].map((kind) => path(map, kind, query))
}

/** Where the verdicts and where the strengths of a view are. */
export function evaluationPaths(map: string, view: ViewState): [string, string] {
  const of = (semantics: string): string => {
    const query = viewParameters(view)
    query.set('semantics', semantics)
    return path(map, 'evaluation', query)
  }
  return [of('grounded'), of('quadratic-energy')]
}

/** A page of the passages in which a view's nodes are said. */
export function voicesPath(map: string, view: ViewState, cursor: string | null = null): string {
  const query = viewParameters(view)
  query.set('limit', '1000')
  if (cursor !== null) query.set('cursor', cursor)
  return path(map, 'assertions', query)
}

/** All that the first drawing of a view needs, the map itself first. */
export function firstQuestions(view: ViewState): string[] {
  const { map } = view
  if (map === null) return []
  return [path(map, 'graph', graphParameters(view)), path(map), ...evaluationPaths(map, view), voicesPath(map, view), ...namePaths(map, view)]
}
