import { get } from '../api/client'
import { graphParameters, path } from '../state/map.svelte'
import type { ViewState } from '../state/view_state'

/** The selected node as the service has it, or where none is selected the nodes and links in view. */
export async function selectionOf(view: ViewState): Promise<Blob> {
  const map = view.map ?? ''
  const at = view.selected ? path(map, `nodes/${encodeURIComponent(view.selected)}`) : path(map, 'graph', graphParameters(view))
  const value = await get<unknown>(at)
  return new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' })
}
