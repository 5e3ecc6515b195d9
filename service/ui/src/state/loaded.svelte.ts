import { isAbort } from '../api/client'
import { Problem } from '../api/problem'

/** An answer that a panel waits for: the newest question wins, and the old answer stays until the new one is there. */
export class Loaded<T> {
  value: T | null = $state.raw(null)
  problem: Problem | null = $state.raw(null)
  loading = $state(false)
  #asking: AbortController | null = null

  async load(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.loading = true
    try {
      this.value = await ask(asking.signal)
      this.problem = null
    } catch (error) {
      if (isAbort(error)) return
      this.value = null
      this.problem = error instanceof Problem ? error : new Problem(0, { detail: String(error) })
    } finally {
      if (this.#asking === asking) this.loading = false
    }
  }

  clear(): void {
    this.#asking?.abort()
    this.value = this.problem = null
    this.loading = false
  }
}
