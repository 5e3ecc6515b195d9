import { untrack } from 'svelte'
import { get, isAbort } from '../api/client'
import { asProblem, type Problem } from '../api/problem'

/** What is away for a moment is asked for again after so many milliseconds. */
const AGAIN = 4000

export type Ask<T> = (signal: AbortSignal) => Promise<T>

/** What was refused for want of a key or of its scope, and can be asked again once somebody else has signed in. */
const refused = new Set<Resource<unknown>>()

/** Ask again for all that was refused to whoever asked before. */
export function askRefusedAgain(): void {
  const all = [...refused]
  refused.clear()
  for (const one of all) void one.retry()
}

/**
 * Something read from the service: the newest question wins and cancels the one before it, an answer stays until the
 * next one is there, a refusal is a problem, and what passes by itself is asked for again.
 */
export class Resource<T> {
  value: T | null = $state.raw(null)
  problem: Problem | null = $state.raw(null)
  loading = $state(false)
  #key: string | null = null
  #ask: Ask<T> | null = null
  #running: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Ask, unless the same question (by its key) is asked or answered already; true if this answer is the one that counts. */
  async load(ask: Ask<T>, key: string | null = null): Promise<boolean> {
    if (key !== null && key === this.#key && !this.problem) return false
    this.#stop()
    const running = new AbortController()
    this.#running = running
    this.#ask = ask
    this.#key = key
    this.loading = true
    try {
      const value = await ask(running.signal)
      if (this.#running !== running) return false
      this.value = value
      this.problem = null
      return true
    } catch (error) {
      if (isAbort(error) || this.#running !== running) return false
      this.problem = asProblem(error)
      if (this.problem.status === 401 || this.problem.status === 403) refused.add(this as Resource<unknown>)
      // What is on the screen stays there when the service is away for a moment.
      if (this.problem.passing) this.#timer = setTimeout(() => void this.retry(), AGAIN)
      else this.value = null
      return false
    } finally {
      if (this.#running === running) this.loading = false
    }
  }

  /** Ask the last question again, whatever came of it. */
  async retry(): Promise<void> {
    const ask = this.#ask
    const key = this.#key
    this.#key = null
    if (ask) await this.load(ask, key)
  }

  clear(): void {
    this.#stop()
    this.#ask = this.#key = null
    this.value = this.problem = null
    this.loading = false
  }

  #stop(): void {
    clearTimeout(this.#timer)
    refused.delete(this as Resource<unknown>)
    this.#running?.abort()
    this.#running = null
  }
}

/** A resource of a component: it follows the question, by its key, and is cancelled with the component. */
export function resource<T>(question: () => { key: string; ask: Ask<T> } | null): Resource<T> {
  const made = new Resource<T>()
  $effect(() => {
    const asked = question()
    untrack(() => {
      if (asked) void made.load(asked.ask, asked.key)
      else made.clear()
    })
  })
  $effect(() => () => made.clear())
  return made
}

/** The question for what stands at an address; `again` is whatever makes an earlier answer stale. */
export function at<T>(path: string, again: unknown = ''): { key: string; ask: Ask<T> } {
  return { key: `${path} ${String(again)}`, ask: (signal) => get<T>(path, signal) }
}
