import type { ChangeItem, Standing, Verdict } from '../api/shapes'
import { phrase } from '../graph/model'
import { verdictWord } from '../parts/judgement'
import { messages } from '../messages/messages'

const MOST = 4

/** What a change did to the theses and to the order of the motives, a line for each. */
export function effectWords(effect: ChangeItem['effect'], called: (id: string) => string): string[] {
  if (!effect) return []
  const w = messages.history
  const theses = effect.verdicts.slice(0, MOST).map((one) => w.thesis(phrase(called(one.id)), said(one.before, one.standing_before), said(one.after, one.standing_after)))
  const motives = effect.motives.slice(0, MOST).map((one) => w.rank(called(one.id), one.rank_before ?? null, one.rank_after ?? null))
  const rest = effect.verdicts_total + effect.motives_total - theses.length - motives.length
  return [...theses, ...motives, ...(rest > 0 ? [messages.andMore(rest)] : [])]
}

function said(verdict: Verdict | null, standing: Standing | null): string | null {
  return verdict === null ? null : verdictWord({ verdict, standing })
}
