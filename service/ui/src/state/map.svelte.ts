import { get, isAbort } from '../api/client'
import { Problem } from '../api/problem'
import type { AnyNode, GraphAnswer, Listing, MapHead } from '../api/shapes'
import { around } from '../graph/around'
import { modelOf, ofStance, type Model } from '../graph/model'
import { address } from './address.svelte'
import { viewParameters, type Sight } from './sight'

/** So many nodes can be drawn without losing one's way; the service cuts larger maps and says so. */
export const BUDGET = 1500

/** The map that is open: its head, what of it the view leaves, and the names of who and what it speaks of. */
class OpenMap {
  head: MapHead | null = $state.raw(null)
  whole: Model | null = $state.raw(null)
  problem: Problem | null = $state.raw(null)
  /** Whether the service has no such map, which is another thing than a question it cannot answer. */
  gone = $state(false)
  loading = $state(false)
  names: Map<string, AnyNode> = $state.raw(new Map())
  revision = $state(0)
  /** Grows when something was written, so that what depends on the map asks again. */
  writes = $state(0)
  model: Model | null = $derived.by(() => {
    const { stance, focus, depth } = address.sight
    const model = this.whole ? ofStance(this.whole, stance) : null
    // The service counts every link as a hop; here only arguments lead on, or all that concerns one motive would come along.
    return model && focus && (model.boxes.has(focus) || model.steps.has(focus)) ? around(model, focus, depth) : model
  })

  #asking: AbortController | null = null

  async load(sight: Sight): Promise<void> {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const map = sight.map
    if (map === null) {
      this.head = this.whole = null
      return
    }
    this.loading = true
    const heading = this.#head(map, asking.signal)
    try {
      const [head, graph] = await Promise.all([
        heading,
        get<GraphAnswer>(path(map, 'graph', graphParameters(sight)), asking.signal),
      ])
      const other = this.head?.id !== head.id
      this.head = head
      this.revision = head.revision
      this.whole = modelOf(graph)
      this.problem = null
      if (other || this.names.size === 0) void this.loadNames(map)
    } catch (error) {
      if (isAbort(error)) return
      this.problem = error instanceof Problem ? error : new Problem(0, { detail: String(error) })
      // What is on the screen stays there when the service is away for a moment.
      if (this.problem.passing) return
      this.whole = null
      // A link that leads nowhere inside of a map still opens the map around it.
      const head = await heading.catch(() => null)
      if (head && this.#asking === asking) {
        this.head = head
        this.revision = head.revision
      }
    } finally {
      if (this.#asking === asking) this.loading = false
    }
  }

  async #head(map: string, signal: AbortSignal): Promise<MapHead> {
    try {
      const head = await get<MapHead>(path(map), signal)
      this.gone = false
      return head
    } catch (error) {
      this.gone = error instanceof Problem && error.status === 404
      throw error
    }
  }

  async loadNames(map: string): Promise<void> {
    const kinds = ['actors', 'sources', 'motives'] as const
    try {
      const lists = await Promise.all(kinds.map((kind) => get<Listing<AnyNode>>(path(map, kind, new URLSearchParams({ limit: '1000' })))))
      this.names = new Map(lists.flatMap((list) => list.items).map((node) => [node.id, node]))
    } catch {
      // Without the names the ids are shown, and the next write asks again.
      this.names = new Map()
    }
  }

  async reload(): Promise<void> {
    this.writes += 1
    await this.load(address.sight)
    if (this.head) void this.loadNames(this.head.id)
  }
}

export function path(map: string, below = '', query: URLSearchParams | null = null): string {
  const text = query?.toString() ?? ''
  return `/v1/maps/${encodeURIComponent(map)}${below && `/${below}`}${text && `?${text}`}`
}

export function graphParameters(sight: Sight): URLSearchParams {
  const query = viewParameters(sight)
  query.set('budget', String(BUDGET))
  if (sight.focus) {
    query.set('focus', sight.focus)
    // A hop of the reader is one argument; in the graph that are two links.
    query.set('depth', String(sight.depth * 2))
  }
  return query
}

export const map = new OpenMap()
