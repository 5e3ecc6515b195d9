import { asProblem, Problem } from '../api/problem'
import type { Fault } from '../api/shapes'
import { freshKey } from '../state/kept'

/** Sending a form: one write however often it is sent, what the service refuses, and whether it is under way. */
export class Submission {
  saving = $state(false)
  problem: Problem | null = $state.raw(null)
  faults: readonly Fault[] = $derived(this.problem?.errors ?? [])
  #attempt = freshKey()

  /** Show what is wrong before anything is sent; true where something is. */
  refuse(faults: Fault[]): boolean {
    this.problem = faults.length > 0 ? new Problem(422, { errors: faults }) : null
    return faults.length > 0
  }

  /** Send; answers null where it was refused, and the reason stands in `problem`. */
  async send<T>(deed: (idempotencyKey: string) => Promise<T>): Promise<T | null> {
    if (this.saving) return null
    this.saving = true
    this.problem = null
    try {
      const answer = await deed(this.#attempt)
      this.#attempt = freshKey()
      return answer
    } catch (error) {
      this.problem = asProblem(error)
      // A refused request changes before it is sent again; only an unanswered one may be the same.
      if (!this.problem.passing) this.#attempt = freshKey()
      return null
    } finally {
      this.saving = false
    }
  }
}
