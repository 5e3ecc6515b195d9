import { get } from '../api/client'
import type { Problem } from '../api/problem'
import type { AnyNode, GraphAnswer, Listing, MapHead } from '../api/shapes'
import { around } from '../graph/around'
import { modelOf, ofStance, type Model } from '../graph/model'
import { address } from './address.svelte'
import { Resource } from './resource.svelte'
import { viewParameters, type ViewState } from './view_state'

/** So many nodes can be drawn without losing one's way; the service cuts larger maps and says so. */
const BUDGET = 1500

/** The map that is open: its head, what of it the view leaves, and the names of who and what it speaks of. */
class OpenMap {
  #head = new Resource<MapHead>()
  #graph = new Resource<{ model: Model; revision: number }>()
  #names = new Resource<Map<string, AnyNode>>()
  #open: string | null = null
  /** Grows when something was written, so that what depends on the map asks again. */
  writes = $state(0)
  /** What was made since the map was opened, and what of it by the last write. */
  written: ReadonlySet<string> = $state.raw(new Set())
  fresh: ReadonlySet<string> = $state.raw(new Set())

  head: MapHead | null = $derived(this.#head.value)
  whole: Model | null = $derived(this.#graph.value?.model ?? null)
  revision: number = $derived(this.#graph.value?.revision ?? 0)
  problem: Problem | null = $derived(this.#head.problem ?? this.#graph.problem)
  /** Whether the service has no such map, which is another thing than a question it cannot answer. */
  gone: boolean = $derived(this.#head.problem?.status === 404)
  loading: boolean = $derived(this.#head.loading || this.#graph.loading)
  /** Without the names the ids are shown, and the next write asks again. */
  names: Map<string, AnyNode> = $derived(this.#names.value ?? new Map())
  model: Model | null = $derived.by(() => {
    const { stance, focus, depth } = address.view
    const model = this.whole ? ofStance(this.whole, stance) : null
    // The service counts every link as a hop; here only arguments lead on, or all that concerns one motive would come along.
    return model && focus && (model.boxes.has(focus) || model.steps.has(focus)) ? around(model, focus, depth) : model
  })

  async load(view: ViewState): Promise<void> {
    const map = view.map
    if (map !== this.#open) {
      for (const one of [this.#head, this.#graph, this.#names]) one.clear()
      this.written = this.fresh = new Set()
    }
    this.#open = map
    if (map === null) return
    const query = graphParameters(view)
    const key = `${map} ${this.writes}`
    void this.#names.load((signal) => namesOf(map, signal), key)
    await Promise.all([
      this.#head.load((signal) => get<MapHead>(path(map), signal), key),
      this.#graph.load(async (signal) => {
        const answer = await get<GraphAnswer>(path(map, 'graph', query), signal)
        return { model: modelOf(answer), revision: answer.graph.revision }
      }, `${key} ${query}`),
    ])
  }

  /** Read again after a write; what was made is drawn whatever is folded, and marked until the next write. */
  async reload(made: readonly string[] = []): Promise<void> {
    this.writes += 1
    this.written = new Set([...this.written, ...made])
    this.fresh = new Set(made)
    await this.load(address.view)
  }

  /** See what others have written; asked again and again while somebody looks at the map as it is now. */
  async follow(): Promise<void> {
    const { map, asOf } = address.view
    if (map === null || asOf !== null || this.head?.id !== map || this.loading || document.hidden) return
    const now = await get<MapHead>(path(map)).catch(() => null)
    // What was written from here is read anew by whoever wrote it.
    if (now !== null && now.id === address.view.map && now.revision > (this.head?.revision ?? 0) && !this.loading) await this.reload()
  }

  async retry(): Promise<void> {
    await Promise.all([this.#head, this.#graph, this.#names].filter((one) => one.problem).map((one) => one.retry()))
  }
}

async function namesOf(map: string, signal: AbortSignal): Promise<Map<string, AnyNode>> {
  const kinds = ['actors', 'sources', 'motives'] as const
  const query = new URLSearchParams({ limit: '1000' })
  const lists = await Promise.all(kinds.map((kind) => get<Listing<AnyNode>>(path(map, kind, query), signal)))
  return new Map(lists.flatMap((list) => list.items).map((node) => [node.id, node]))
}

export function path(map: string, below = '', query: URLSearchParams | null = null): string {
  const text = query?.toString() ?? ''
  return `/v1/maps/${encodeURIComponent(map)}${below && `/${below}`}${text && `?${text}`}`
}

export function graphParameters(view: ViewState): URLSearchParams {
  const query = viewParameters(view)
  query.set('budget', String(BUDGET))
  if (view.focus) {
    query.set('focus', view.focus)
    // A hop of the reader is one argument; in the graph that are two links.
    query.set('depth', String(view.depth * 2))
  }
  return query
}

export const map = new OpenMap()
