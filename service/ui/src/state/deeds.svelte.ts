import { call } from '../api/client'
import { asProblem } from '../api/problem'
import type { AnyNode, Stance } from '../api/shapes'
import { phrase } from '../graph/model'
import { messages } from '../messages/messages'
import { address } from './address.svelte'
import { called } from './called.svelte'
import { freshKey } from './kept'
import { map } from './map.svelte'
import { path } from './questions'
import { notices } from './notices.svelte'
import { propose } from './proposing'
import { undoing } from './undoing.svelte'

/** Writes that need no form: what is said about them stands in the notices. */
class Deeds {
  /** Make an argument of what is there already. */
  async argue(premise: string, stance: Stance, target: string, only: 'make' | 'propose' = 'make'): Promise<void> {
    const body = { premises: [premise], stance, target }
    if (only === 'propose') return this.#propose(messages.drafts.titleOfNew(phrase(called(premise))), { op: 'create', kind: 'argument', value: body })
    await this.#write(async (id) => {
      const { value } = await call<AnyNode & { revision: number }>(path(id, 'arguments'), { method: 'POST', body, idempotencyKey: freshKey() })
      return { revision: value.revision, select: value.id }
    })
  }

  /** Let an argument bear on another node. */
  async retarget(argument: string, target: string, only: 'make' | 'propose' = 'make'): Promise<void> {
    if (only === 'propose') return this.#propose(messages.drafts.titleOf(phrase(called(argument))), { op: 'update', kind: 'argument', id: argument, value: { target } })
    await this.#write(async (id) => {
      const { value } = await call<AnyNode & { revision: number }>(path(id, `arguments/${encodeURIComponent(argument)}`), { method: 'PATCH', body: { target } })
      return { revision: value.revision, select: argument }
    })
  }

  async #propose(title: string, operation: object): Promise<void> {
    const { map: id } = address.view
    if (id === null) return
    try {
      await propose(id, title, [operation], freshKey())
    } catch (error) {
      notices.refuse(asProblem(error))
    }
  }

  async #write(deed: (map: string) => Promise<{ revision: number; select: string }>): Promise<void> {
    const { map: id } = address.view
    if (id === null) return
    try {
      const { revision, select } = await deed(id)
      undoing.saved(revision)
      await map.reload([select])
      address.go({ selected: select, panel: 'node' })
    } catch (error) {
      notices.refuse(asProblem(error))
    }
  }
}

export const deeds = new Deeds()
