import { get } from '../api/client'
import type { AnyNode, Listing } from '../api/shapes'
import { path } from '../state/questions'

/** The source that is read first: one whose text is attached, else one that publishes what the map holds. */
export async function firstText(map: string): Promise<string | null> {
  const held = await get<{ items: { source: string }[] }>(path(map, 'texts'))
  if (held.items[0]) return held.items[0].source
  const { items } = await get<Listing<AnyNode>>(path(map, 'sources', new URLSearchParams({ limit: '1000' })))
  return (items.find((one) => one.sha256 !== null) ?? items.find((one) => one.publisher !== null) ?? items[0])?.id ?? null
}
