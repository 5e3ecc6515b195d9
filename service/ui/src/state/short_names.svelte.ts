import { MEASURES } from '../layout/measure'
import { initials, nameLine } from './initials'
import { map } from './map.svelte'

/** Names of sources short enough for a box: the initials of who publishes them. */
class ShortNames {
  #short: Map<string, string> = $derived.by(() => {
    const found = new Map<string, string>()
    for (const node of map.names.values()) {
      if (node.kind === 'source') found.set(node.id, initials(this.full(node.id)))
    }
    return found
  })

  /** Who publishes a source, or else its title. */
  full(id: string): string {
    const source = map.names.get(id)
    const publisher = map.names.get(String(source?.publisher ?? ''))
    return String(publisher?.name ?? source?.title ?? id)
  }

  /** Who says something, as it fits into so much room. */
  line(ids: readonly string[], hedged: boolean, room: number): string {
    const names = [...new Set(ids.map((id) => this.#short.get(id) ?? initials(id)))]
    return nameLine(names, hedged ? '≈' : '', room, MEASURES.claim)
  }
}

export const shortNames = new ShortNames()
