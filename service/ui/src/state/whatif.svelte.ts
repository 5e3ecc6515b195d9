import { call } from '../api/client'
import type { Change, Judgement, WhatIfAnswer } from '../api/shapes'
import { address } from './address.svelte'
import { evaluation } from './evaluation.svelte'
import { map } from './map.svelte'
import { path } from './questions'
import { Resource } from './resource.svelte'
import { viewParameters, type ViewState } from './view_state'

/** A question that changes nothing: what would flip if some nodes were gone or less credible. */
class WhatIf extends Resource<WhatIfAnswer> {
  changes: Map<string, Change> = $derived(new Map((this.value?.evaluation?.changed ?? []).map((one) => [one.id, one])))
  /** What is not there any more: what was switched off, and the steps that cannot be without it. */
  gone: Set<string> = $derived(new Set([...this.changes.values()].filter((one) => !one.after).map((one) => one.id)))
  flipped: Set<string> = $derived(new Set([...this.changes.values()].filter(flips).map((one) => one.id)))

  async ask(view: ViewState): Promise<void> {
    const edits = editsOf(view)
    if ((edits.length === 0 && view.off.length === 0) || view.map === null) return this.clear()
    const body = { edits, without: view.off, ask: ['evaluation', 'motives'] }
    const at = path(view.map, 'what-if', viewParameters(view))
    await this.load(async (signal) => (await call<WhatIfAnswer>(at, { method: 'POST', body, signal })).value)
  }
}

/** What vanishes has no verdict left that could have flipped. */
export function flips(change: Change): boolean {
  if (!change.after) return false
  return change.before?.verdict !== change.after.verdict || change.before?.standing !== change.after.standing
}

function editsOf(view: ViewState): object[] {
  return Object.entries(view.credences).map(([id, credence]) => ({ op: 'update', kind: kindOf(id), id, value: { credence } }))
}

function kindOf(id: string): string {
  const model = map.whole
  return model?.boxes.get(id)?.kind ?? (model?.steps.has(id) ? 'argument' : (map.names.get(id)?.kind ?? 'statement'))
}

export const whatIf = new WhatIf()

/** What the map shows of a node: its verdict now, or the one that it would get. */
export function shownJudgement(id: string): (Judgement & { sensitive?: boolean }) | null {
  const change = whatIf.changes.get(id)
  if (change) return change.after
  return address.view.verdicts ? (evaluation.judgements.get(id) ?? null) : null
}
