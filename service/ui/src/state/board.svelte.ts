import type { ArgumentPath } from '../api/shapes'
import { drawn, heads, type Drawn } from '../graph/folds'
import type { Model } from '../graph/model'
import { motives, theses } from '../graph/roots'
import { layOut, Memory, type Placed } from '../layout/layout'
import { Sizes } from '../layout/measure'
import { alongside } from '../layout/ranks'
import { NARROW, thesisWidth, WIDE } from '../layout/sizes'
import { address } from './address.svelte'
import { evaluation } from './evaluation.svelte'
import { map } from './map.svelte'
import { reading } from './reading.svelte'
import { session } from './session.svelte'
import { viewParameters } from './view_state'
import { voices } from './voices.svelte'
import { withSentences, writing } from './writing.svelte'

/** Below this scale the words of a statement would be smaller than 12 pixels on the screen. */
export const LEGIBLE = 12 / 14
/** More nodes than this no browser draws in time. */
const MOST = 99_999
/** What a column takes besides its statements. */
const BESIDES = 37 + 16 + 28

/** What of the open map is on the screen, and where. */
class Board {
  /** The path that the reader looks at; its nodes are drawn whatever is folded. */
  path: ArgumentPath | null = $state.raw(null)
  /** The width of the drawing on the screen when the map was laid out; a panel that opens later moves nothing. */
  width = $state(0)
  /** Grows when everything shall be laid out anew. */
  tidied = $state(0)
  readonly #sizes = new Sizes()
  #memory = new Memory()
  #order: string[] = []
  /** How many theses stood beside each when the view was laid out; their widths stay while it is open. */
  #beside = new Map<string, number>()
  #of = ''
  #measuredFor = ''
  #now = 0

  /** Whether what would order and mark the boxes has arrived, or is not to be waited for any longer. */
  ready = $state(false)
  /** What of the map is drawn together with what is being written on it. */
  model: Model | null = $derived(map.model ? withSentences(map.model, writing.sentences) : null)
  /** Whether it shows the map as it is now, and neither an older revision nor a draft. */
  newest: boolean = $derived(address.view.asOf === null && address.view.draft === null)
  /** Nothing can be written into the past, and by some readers nothing at all. */
  writable: boolean = $derived(this.newest && session.mayWrite)
  /** Whether forms can be opened: what they hold is written, or by some readers only proposed. */
  editable: boolean = $derived(this.newest && session.mayPropose)
  /** What an actor or a source that is looked at says. */
  said: readonly string[] = $state.raw([])
  /** Nodes that the reader asked to see: a path, what an actor or a source says, or a passage of a text. */
  lit: ReadonlySet<string> = $derived(new Set([...(this.path?.nodes ?? []), ...this.said, ...this.#drawn(reading.lit)]))
  /** Boxes under which something that is lit is folded away. */
  holding: ReadonlySet<string> = $derived.by(() => {
    const hidden = this.said.filter((id) => this.placed !== null && !this.placed.boxes.has(id) && !this.placed.dots.has(id))
    return new Set(this.#drawn(hidden).filter((id) => !this.lit.has(id)))
  })
  /** Names the view that is laid out; another one is laid out from nothing. */
  of: string = $derived.by(() => {
    const { view } = address
    return [view.map, view.focus, view.unfolded, view.stance, viewParameters(view), this.tidied].join(' ')
  })

  drawn: Drawn | null = $derived.by(() => {
    const { model } = this
    if (!model) return null
    const { toggled, selected, unfolded, focus } = address.view
    const written = writing.sentences.map((one) => one.id)
    const wanted = [...(selected ? [selected] : []), ...(this.path?.nodes ?? []), ...map.written, ...written]
    const keep = wanted.filter((id) => model.boxes.has(id) || model.steps.has(id))
    return drawn(model, { toggled, unfolded: unfolded || focus !== null, keep }, this.#ordered(model))
  })

  placed: Placed | null = $derived.by(() => {
    const { model } = this
    if (!model || !this.drawn || this.width === 0 || !this.ready) return null
    const order = this.#ordered(model)
    // A line may climb at the left of the first column.
    const room = this.width / LEGIBLE - 76
    const columns = Math.max(1, Math.floor(room / (NARROW + BESIDES)))
    const width = Math.round(Math.max(NARROW, Math.min(WIDE, room / columns - BESIDES)))
    const widthOf = (id: string, thesis: boolean): number => (thesis ? thesisWidth(this.#beside.get(id) ?? 1, room, width) : width)
    const sizes = this.#sizes.of(model, this.drawn, new Set(theses(model)), widthOf, (id) => voices.all.has(id), new Set(writing.sentences.filter((one) => one.state !== 'saving').map((one) => one.id)))
    for (const [made, typed] of writing.renamed) this.#memory.rename(typed, made)
    return layOut({ model, drawn: this.drawn, sizes, heads: order, width: room }, this.#memory)
  })

  /** Nodes as they are on the screen: of what is folded away the box under which it is. */
  #drawn(ids: readonly string[]): string[] {
    const { model, placed } = this
    if (!model || !placed) return []
    return ids.flatMap((id) => {
      const seen = new Set([id])
      for (const one of seen) {
        if (placed.boxes.has(one) || placed.dots.has(one)) return [one]
        const on = model.steps.get(one)
        for (const target of on ? [on.target] : (model.outOf.get(one) ?? []).map((step) => step.target)) seen.add(target)
      }
      return []
    })
  }

  /** Theses, then motives by strength; the order stays while the same view of the map is open. */
  #ordered(model: Model): string[] {
    const of = `${this.of} ${this.ready} ${this.width}`
    const all = heads(model)
    if (of !== this.#of) {
      this.#of = of
      this.#memory = new Memory()
      this.#beside = alongside(model, theses(model))
      const named = motives(model).sort((a, b) => strengthOf(b) - strengthOf(a))
      this.#order = [...all.filter((id) => !named.includes(id)), ...named]
    }
    return [...this.#order.filter((id) => all.includes(id)), ...all.filter((id) => !this.#order.includes(id))]
  }

  /** The room that the drawing has; what is laid out already keeps the width for which it was. */
  measured(width: number): void {
    this.#now = width
    if (this.width === 0 || this.#measuredFor !== this.of) this.width = width
    this.#measuredFor = this.of
  }

  /** Lay everything out anew, with motives in the order of their strength and the width that there is now. */
  tidy(): void {
    this.tidied += 1
    this.width = this.#now
  }

  /** How many nodes there would be if more of a map that is cut were loaded. */
  get more(): number {
    return Math.min(this.model?.total ?? 0, 4 * address.view.budget)
  }

  loadMore(): void {
    address.go({ budget: Math.min(this.more, MOST) })
  }

  toggle(id: string): void {
    // All that was loaded is open: what is still behind it has to be loaded.
    if (this.model?.complete === false && this.drawn?.open.has(id) && this.drawn.hidden.has(id)) return this.loadMore()

    const { toggled } = address.view
    address.go({ toggled: toggled.includes(id) ? toggled.filter((one) => one !== id) : [...toggled, id] })
  }
}

function strengthOf(id: string): number {
  return evaluation.judgements.get(id)?.strength ?? 0
}

export const board = new Board()
