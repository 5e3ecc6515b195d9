import { untrack } from 'svelte'
import { kept } from '../state/kept'
import { equal, type Values } from './draft'

/** The draft of a form: kept in this browser with every letter, until it is saved or thrown away. */
export class Draft {
  values: Values = $state.raw({})
  /** Whether it came back from an earlier visit. */
  restored = $state(false)
  readonly #place: string
  #start: Values = {}

  constructor(place: string) {
    this.#place = place
  }

  /** Begin with the values of a node, or with what was typed before and not saved. */
  begin(values: Values): void {
    this.#start = values
    const before = untrack(() => kept.read(this.#place))
    const typed = before === null ? null : parsed(before)
    this.restored = typed !== null && !equal(typed, values)
    this.values = typed ?? values
  }

  change(values: Values): void {
    this.values = values
    if (equal(values, this.#start)) kept.drop(this.#place)
    else kept.write(this.#place, JSON.stringify(values))
  }

  /** Whether anything differs from what the form began with. */
  changed: boolean = $derived(!equal(this.values, this.#start))

  /** Throw away what was typed. */
  discard(): void {
    kept.drop(this.#place)
    this.values = this.#start
    this.restored = false
  }

  saved(): void {
    kept.drop(this.#place)
  }
}

function parsed(text: string): Values | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Values) : null
  } catch {
    return null
  }
}
