import { call } from '../api/client'
import { asProblem } from '../api/problem'
import type { ReversalAnswer } from '../api/shapes'
import { messages } from '../messages/messages'
import { withNames } from '../messages/sentence'
import { address } from './address.svelte'
import { called } from './called.svelte'
import { freshKey } from './kept'
import { map } from './map.svelte'
import { path } from './questions'
import { notices } from './notices.svelte'

/** Taking back what was written, and doing it again; what was done is said with the way back. */
class Undoing {
  /** One after another: a key that is pressed again waits its turn and is not lost. */
  #last: Promise<unknown> = Promise.resolve()

  /** Say that something was saved, with the way back. */
  saved(revision: number, more = ''): void {
    notices.say(messages.saved(revision) + more, { label: messages.undo, run: () => void this.revert(revision) })
  }

  accepted(revision: number): void {
    notices.say(messages.drafts.accepted(revision), { label: messages.undo, run: () => void this.revert(revision) })
  }

  deleted(n: number, revision: number): void {
    notices.say(messages.deleted(n, revision), { label: messages.undo, run: () => void this.revert(revision) })
  }

  /** Take back one change, whatever was written since elsewhere. */
  async revert(revision: number): Promise<void> {
    await this.#take(`changes/${revision}/revert`, messages.history.undone)
  }

  /** Bring the whole map back to what it was at a revision. */
  async restore(revision: number): Promise<void> {
    if (await this.#take(`changes/${revision}/revert?since=true`, () => messages.history.restored(revision))) address.go({ asOf: null })
  }

  async undo(): Promise<void> {
    await this.#take('undo', messages.history.undone, { label: messages.history.redo, run: () => void this.redo() })
  }

  async redo(): Promise<void> {
    await this.#take('redo', messages.history.redone)
  }

  #take(deed: string, told: (sentence: string) => string, next?: { label: string; run: () => void }): Promise<boolean> {
    const taken = this.#last.then(() => this.#ask(deed, told, next))
    this.#last = taken
    return taken
  }

  async #ask(deed: string, told: (sentence: string) => string, next?: { label: string; run: () => void }): Promise<boolean> {
    const { map: id } = address.view
    if (id === null) return false
    try {
      const { value } = await call<ReversalAnswer>(path(id, deed), { method: 'POST', idempotencyKey: freshKey() })
      notices.say(told(withNames(value.sentence, called)), next ?? { label: messages.undo, run: () => void this.revert(value.revision) })
      const { selected } = address.view
      if (selected !== null && value.deleted.includes(selected)) address.select(null)
      await map.reload(value.created)
      return true
    } catch (error) {
      notices.refuse(asProblem(error))
      return false
    }
  }
}

export const undoing = new Undoing()
