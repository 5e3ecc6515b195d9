/** A panel that waits for a node: the next one chosen on the map is its answer instead of being opened. */
class Picking {
  /** What the next choice is for, in words; null where choosing opens the node. */
  wanted: string | null = $state(null)
  #answer: ((id: string) => void) | null = null

  /** Ask for the next choice; the function given back ends the asking. */
  ask(wanted: string, answer: (id: string) => void): () => void {
    this.wanted = wanted
    this.#answer = answer
    return () => {
      if (this.#answer !== answer) return
      this.wanted = null
      this.#answer = null
    }
  }

  take(id: string): boolean {
    this.#answer?.(id)
    return this.#answer !== null
  }
}

export const picking = new Picking()
