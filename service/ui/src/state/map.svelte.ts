import { get } from '../api/client'
import type { Problem } from '../api/problem'
import type { AnyNode, GraphAnswer, Listing, MapHead } from '../api/shapes'
import { around } from '../graph/around'
import { modelOf, ofStance, type Model } from '../graph/model'
import { address } from './address.svelte'
import { Resource } from './resource.svelte'
import { graphParameters, namePaths, path } from './questions'
import type { ViewState } from './view_state'

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
    void this.#names.load((signal) => namesOf(map, view, signal), `${key} ${view.draft ?? ''}`)
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

  /** The revision that the map has now; 0 where that cannot be had. */
  async newest(): Promise<number> {
    const map = this.#open
    const now = map === null ? null : await get<MapHead>(path(map)).catch(() => null)
    return now !== null && now.id === this.#open ? now.revision : 0
  }

  async retry(): Promise<void> {
    await Promise.all([this.#head, this.#graph, this.#names].filter((one) => one.problem).map((one) => one.retry()))
  }
}

async function namesOf(map: string, view: ViewState, signal: AbortSignal): Promise<Map<string, AnyNode>> {
  const lists = await Promise.all(namePaths(map, view).map((one) => get<Listing<AnyNode>>(one, signal)))
  return new Map(lists.flatMap((list) => list.items).map((node) => [node.id, node]))
}

export const map = new OpenMap()
