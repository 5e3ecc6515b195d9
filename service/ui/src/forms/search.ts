import { get } from '../api/client'
import type { Hit, Kind, Listing } from '../api/shapes'

/** Nodes that a few letters may mean, in the service's order: what is called so first. */
export async function found(q: string, map: string, kinds: readonly Kind[], signal: AbortSignal): Promise<Hit[]> {
  const query = new URLSearchParams({ q: q.slice(0, 500), maps: map, limit: '12' })
  for (const kind of kinds) query.append('kinds', kind)
  return (await get<Listing<Hit>>(`/v1/search?${query}`, signal)).items
}
