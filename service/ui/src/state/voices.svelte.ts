import { get } from '../api/client'
import type { AnyNode, Listing } from '../api/shapes'
import { push } from '../graph/model'
import { voicesPath } from './questions'
import { Resource } from './resource.svelte'
import { viewParameters, type ViewState } from './view_state'

/** Who says a statement or an argument, in which sources, and how firmly, as far as it is told on its box. */
interface Voice {
  sources: string[]
  /** Those who are committed to it. */
  actors: string[]
  /** Whether every passage that says it softens it. */
  hedged: boolean
}

/** So many pages of assertions are read; a map with more shows its voices where a node is opened. */
const PAGES = 5

/** The voices of everything in view, by the node that they say. */
class Voices extends Resource<Map<string, Voice>> {
  all: Map<string, Voice> = $derived(this.value ?? new Map())

  /** `writes` counts what was written, after which another answer is due. */
  async ask(view: ViewState, writes: number): Promise<void> {
    const map = view.map
    if (map !== null) await this.load((signal) => voicesOf(map, view, signal), `${map} ${writes} ${viewParameters(view)}`)
  }
}

async function voicesOf(map: string, view: ViewState, signal: AbortSignal): Promise<Map<string, Voice>> {
  const said = new Map<string, AnyNode[]>()
  let next: string | null = null
  for (let page = 0; page < PAGES; page += 1) {
    const answer: Listing<AnyNode> = await get<Listing<AnyNode>>(voicesPath(map, view, next), signal)
    for (const one of answer.items) push(said, String(one.of), one)
    next = answer.next
    if (next === null) break
  }
  return new Map([...said].map(([id, all]) => [id, voiceOf(all)]))
}

function voiceOf(all: readonly AnyNode[]): Voice {
  return {
    sources: [...new Set(all.map((one) => String(one.source)))],
    actors: [...new Set(all.flatMap((one) => ((one.chain ?? []) as string[]).at(-1) ?? []))],
    hedged: all.every((one) => one.modality === 'possible' || ((one.hedges ?? []) as string[]).length > 0),
  }
}

export const voices = new Voices()
