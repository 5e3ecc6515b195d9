import { call } from '../api/client'
import type { PassageAnswer } from '../api/shapes'
import { amount, type Quantity } from '../panel/quantity'
import type { Ask } from '../state/resource.svelte'
import { path } from '../state/questions'
import type { Marked } from '../state/reading.svelte'
import { viewParameters, type ViewState } from '../state/view_state'
import { choiceWord, messages } from '../messages/messages'

/** What the service suggests for a passage; nothing of it is stored. */
export type Suggestion = PassageAnswer

/** The question for it. */
export function suggestion(view: ViewState, source: string, passage: Marked): { key: string; ask: Ask<Suggestion> } | null {
  const { map } = view
  if (map === null) return null
  const address = path(map, `sources/${encodeURIComponent(source)}/passage`, viewParameters(view))
  const ask = async (signal: AbortSignal): Promise<Suggestion> => (await call<Suggestion>(address, { method: 'POST', body: { start: passage.start, end: passage.end }, signal })).value
  return { key: `${address} ${passage.start} ${passage.end}`, ask }
}

/** It in one sentence: "Claim by Wi Sung-lac, reported by The Korea Herald; hedged: could; 2,000 USD per month". */
export function toldOf(found: Suggestion, called: (id: string) => string): string {
  const w = messages.reading
  const [speaker] = found.speakers
  const who = speaker ? (speaker.actor ? called(speaker.actor) : w.stranger(speaker.text)) : null
  const publisher = found.chain[0]
  const by = who === null ? (publisher ? w.ownVoice(called(publisher)) : w.nobody) : w.claimBy(who, publisher && publisher !== speaker?.actor ? called(publisher) : null)
  const how = found.hedges.length > 0 ? w.hedged(found.hedges.map((one) => one.text)) : choiceWord('modality', found.modality)
  return [by, how, ...found.quantities.map((one) => amount(one.quantity as unknown as Quantity))].join('; ')
}
