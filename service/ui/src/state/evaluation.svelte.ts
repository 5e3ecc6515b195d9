import { get } from '../api/client'
import type { EvaluationAnswer, Judgement } from '../api/shapes'
import { evaluationPaths } from './questions'
import { Resource } from './resource.svelte'
import { viewParameters, type ViewState } from './view_state'

type Judged = Judgement & { sensitive: boolean }

/** Verdicts and strengths of the nodes in view. */
class Evaluation extends Resource<Map<string, Judged>> {
  judgements: Map<string, Judged> = $derived(this.value ?? new Map())

  /** `writes` counts what was written, after which another answer is due. */
  async ask(view: ViewState, writes: number): Promise<void> {
    const map = view.map
    if (map !== null) await this.load((signal) => judged(map, view, signal), `${map} ${writes} ${viewParameters(view)}`)
  }
}

async function judged(map: string, view: ViewState, signal: AbortSignal): Promise<Map<string, Judged>> {
  const [grounded, energy] = evaluationPaths(map, view)
  const [verdicts, strengths] = await Promise.all([get<EvaluationAnswer>(grounded, signal), get<EvaluationAnswer>(energy, signal)])
  const found = new Map<string, Judged>()
  for (const { id, verdict, cause, standing, weight, method_sensitive: sensitive } of verdicts.nodes) found.set(id, { verdict, cause, standing, weight, sensitive })
  for (const { id, strength } of strengths.nodes) found.set(id, { sensitive: false, ...found.get(id), strength })
  return found
}

export const evaluation = new Evaluation()
