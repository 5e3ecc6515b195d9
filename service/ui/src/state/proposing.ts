import { call } from '../api/client'
import type { DraftAnswer } from '../api/shapes'
import { brief } from '../graph/model'
import { messages } from '../messages/messages'
import { address } from './address.svelte'
import { path } from './questions'
import { notices } from './notices.svelte'

const LONGEST = 150

/** Operations without the versions that they were typed on: a draft is held against the map field by field. */
export function ofNow(operations: readonly object[]): object[] {
  return operations.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => name !== 'if_version')))
}

/** Propose edits instead of making them; the draft is then looked at. Raises the problem where it is refused. */
export async function propose(map: string, title: string, operations: readonly object[], idempotencyKey: string): Promise<DraftAnswer> {
  const body = { title: brief(title, LONGEST), operations: ofNow(operations) }
  const { value } = await call<DraftAnswer>(path(map, 'drafts'), { method: 'POST', body, idempotencyKey })
  notices.say(messages.drafts.proposed(value.title))
  address.go({ draft: value.id, panel: 'drafts', form: null, off: [], credences: {} })
  return value
}
