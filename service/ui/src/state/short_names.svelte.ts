import { initials } from './initials'
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

  /** As many as a row of so many letters has room for, with the sign of what is said with reservations only. */
  line(ids: readonly string[], hedged: boolean, letters: number): string {
    const names = [...new Set(ids.map((id) => this.#short.get(id) ?? initials(id)))]
    const end = hedged ? ' ≈' : ''
    for (let n = Math.min(names.length, 3); n > 0; n -= 1) {
      const line = names.slice(0, n).join(' · ') + (n < names.length ? ` +${names.length - n}` : '') + end
      if (line.length <= letters) return line
    }
    return end.trim()
  }
}

export const shortNames = new ShortNames()
