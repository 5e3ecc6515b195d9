import { drawn, type Drawn } from '../graph/drawn'
import type { ArgumentPath } from '../api/shapes'
import { address } from './address.svelte'
import { map } from './map.svelte'

/** What of the open map is on the screen, and which path is lit. */
class Shown {
  /** The path that the reader looks at; its nodes are drawn whatever is folded. */
  path: ArgumentPath | null = $state.raw(null)
  drawn: Drawn | null = $derived.by(() => {
    const model = map.model
    if (!model) return null
    const { toggled, selected, unfolded, focus } = address.view
    const lit = this.path?.nodes ?? []
    const keep = [...(selected ? [selected] : []), ...lit].filter((id) => model.boxes.has(id) || model.steps.has(id))
    return drawn(model, { toggled, unfolded: unfolded || focus !== null, keep })
  })

  toggle(id: string): void {
    const { toggled } = address.view
    const next = toggled.includes(id) ? toggled.filter((one) => one !== id) : [...toggled, id]
    address.go({ toggled: next })
  }
}

export const shown = new Shown()
