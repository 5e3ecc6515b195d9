import type { Judgement, Standing } from '../api/shapes'
import { messages } from '../messages/messages'

/** The six looks of a judgement: how a statement or motive stands; an argument is one of them by its verdict. */
export function standingOf(judged: Judgement | null | undefined): Standing | null {
  if (!judged?.verdict) return null
  if (judged.standing) return judged.standing
  if (judged.verdict === 'accepted') return 'unchallenged'
  return judged.verdict === 'rejected' ? 'defeated' : 'open'
}

/** An argument is accepted or not, and of a rejected one it is said why; all others stand in one of six ways. */
export function verdictWord(judged: Judgement | null | undefined): string {
  if (!judged?.verdict) return ''
  if (judged.standing) return messages.standings[judged.standing]
  if (judged.verdict === 'rejected' && judged.cause && judged.cause in messages.causes) return messages.causes[judged.cause as keyof typeof messages.causes]
  return messages.verdicts[judged.verdict]
}

export function judgementWords(judged: Judgement & { sensitive?: boolean }): string {
  const strength = typeof judged.strength === 'number' ? messages.strength(judged.strength) : ''
  const weight = typeof judged.weight === 'number' ? messages.weight(judged.weight) : ''
  return [verdictWord(judged), strength, weight, judged.sensitive ? messages.sensitive : ''].filter(Boolean).join(', ')
}
