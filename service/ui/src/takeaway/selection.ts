import { get } from '../api/client'
import { graphParameters, path } from '../state/map.svelte'
import type { Sight } from '../state/sight'

/** The selected node as the service has it, or where none is selected the nodes and links in view. */
export async function selectionOf(sight: Sight): Promise<Blob> {
  const map = sight.map ?? ''
  const at = sight.selected ? path(map, `nodes/${encodeURIComponent(sight.selected)}`) : path(map, 'graph', graphParameters(sight))
  const value = await get<unknown>(at)
  return new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' })
}
