import { call } from '../api/client'
import { asProblem, type Problem } from '../api/problem'
import type { AnyNode, Similar, Stance } from '../api/shapes'
import { linksOf, phrase, type Box, type Model, type Step } from '../graph/model'
import { messages } from '../messages/messages'
import { freshKey, kept } from './kept'
import { map } from './map.svelte'
import { path } from './questions'
import { propose } from './proposing'
import { session } from './session.svelte'
import { undoing } from './undoing.svelte'

/** A sentence that is typed on the map, or was typed and is not there yet. */
export interface Sentence {
  id: string
  text: string
  /** Null is the first claim of a map, which is for or against nothing. */
  stance: Stance | null
  /** What it is for or against: a node, or a sentence that is itself not there yet. */
  target: string | null
  /** `waiting` is what was left unsaved or was refused. */
  state: 'typing' | 'saving' | 'waiting'
  problem: Problem | null
  /** The statement that the service made of it. */
  made: string | null
}

const CLAIM = '~claim'

/** Writing on the map: sentences stand in their place from the first letter, and none is lost before it is saved. */
class Writing {
  sentences: Sentence[] = $state.raw([])
  /** Arguments that were saved, by what they were called while they were typed. */
  readonly renamed = new Map<string, string>()
  /** What is being sent, and the statement that comes of it. */
  readonly #sent = new Map<string, Promise<string | null>>()
  typing: Sentence | null = $derived(this.sentences.find((one) => one.state === 'typing') ?? null)

  /** The claim of a map that was just made: as soon as it is there, its first reason is asked for. */
  next: { map: string; target: string } | null = null

  /** A map has been read: go on with its claim, where that is what it was made for. */
  arrived(): void {
    const { next } = this
    if (next === null || map.head?.id !== next.map || !map.whole?.boxes.has(next.target)) return
    this.next = null
    this.start('supporting', next.target)
  }

  /** Open an empty line for or against a node; what was typed before and not saved comes back. */
  start(stance: Stance | null, target: string | null): void {
    const others = this.#put()
    const id = `~${freshKey()}`
    const text = kept.read(this.#place(stance, target)) ?? ''
    this.sentences = [...others, { id, text, stance, target, state: 'typing', problem: null, made: null }]
  }

  type(text: string): void {
    const { typing } = this
    if (!typing) return
    this.#change(typing.id, { text, problem: null })
    kept.write(this.#place(typing.stance, typing.target), text)
  }

  /** Close the line; what stands in it stays kept until it is saved or emptied. */
  stop(): void {
    this.sentences = this.sentences.filter((one) => one.state !== 'typing')
  }

  /** All sentences with the open line put aside; an empty one is gone. */
  #put(): Sentence[] {
    return this.sentences
      .filter((one) => one.state !== 'typing' || one.text.trim() !== '')
      .map((one): Sentence => (one.state === 'typing' ? { ...one, state: 'waiting' } : one))
  }

  discard(id: string): void {
    this.sentences = this.sentences.filter((one) => one.id !== id)
  }

  /** Whether this is a sentence that is not there yet. */
  coming(id: string | null): boolean {
    return this.sentences.some((one) => one.id === id)
  }

  /** Whether something is written for or against this. */
  holds(id: string): boolean {
    return this.sentences.some((one) => one.target === id)
  }

  /** The node that an id names, once what is being sent has come to be one; null where nothing came of it. */
  async node(id: string): Promise<string | null> {
    return (await this.#sent.get(id)) ?? (this.coming(id) ? null : id)
  }

  /** Take a refused sentence up again. */
  resume(id: string): void {
    this.sentences = this.#put()
    this.#change(id, { state: 'typing', problem: null })
  }

  /** Save what is typed and go on: with the next one beside it, or one level deeper. */
  async save(next: 'beside' | 'deeper' | 'none'): Promise<void> {
    const { typing } = this
    const text = typing?.text.trim() ?? ''
    if (!typing) return
    if (text === '') return this.stop()
    if (!session.mayWrite) return this.propose()
    kept.drop(this.#place(typing.stance, typing.target))
    this.#change(typing.id, { state: 'saving', text })
    // The hand goes on typing at once: what hangs on this sentence is sent when this one is there.
    if (next === 'deeper' || (next === 'beside' && !typing.stance)) this.start('supporting', typing.id)
    else if (next === 'beside') this.start(typing.stance, typing.target)
    await this.send(typing.id)
  }

  /** Send a sentence, again if it was refused; answers the id of the statement that was made. */
  send(id: string): Promise<string | null> {
    const sent = this.#sent.get(id) ?? this.#send(id)
    this.#sent.set(id, sent)
    // One that was refused is sent anew the next time.
    void sent.then((made) => made === null && this.#sent.delete(id))
    return sent
  }

  async #send(id: string): Promise<string | null> {
    const one = this.#find(id)
    const mapId = map.head?.id
    if (!one || !mapId) return null
    this.#change(id, { state: 'saving', problem: null })
    const target = one.target !== null && this.coming(one.target) ? await this.send(one.target) : one.target
    if (one.target !== null && target === null) {
      this.#refused(one, null)
      return null
    }
    try {
      const { made, argument, revision, similar } = await write(mapId, { ...one, target })
      this.#change(id, { made })
      // What was kept when it was refused is there now; another text may be typed in the same place since.
      const place = this.#place(one.stance, this.#find(id)?.target ?? null)
      if (kept.read(place)?.trim() === one.text.trim()) kept.drop(place)
      if (argument !== null) this.renamed.set(argument, `${id}>`)
      undoing.saved(revision, similar ? ` ${messages.form.similar}: ${similar.text}` : '')
      await map.reload(argument === null ? [made] : [made, argument])
      this.#arrived(id, made)
      return made
    } catch (error) {
      this.#refused(one, asProblem(error))
      return null
    }
  }

  #refused(one: Sentence, problem: Problem | null): void {
    this.#change(one.id, { state: 'waiting', problem })
    kept.write(this.#place(one.stance, one.target), one.text)
  }

  /** A sentence has become a statement: what hangs on the one hangs on the other, and so does what was kept for it. */
  #arrived(id: string, made: string): void {
    const spots = this.sentences.flatMap((one): [Stance | null, string | null][] => [[one.stance, one.target], ['supporting', one.id], ['opposing', one.id]])
    const before = spots.map((spot) => this.#place(...spot))
    this.sentences = this.sentences.filter((one) => one.id !== id).map((one) => (one.target === id ? { ...one, target: made } : one))
    for (const [n, [stance, target]] of spots.entries()) {
      const [was, is] = [before[n] ?? '', this.#place(stance, target === id ? made : target)]
      const text = was === is ? null : kept.read(was)
      if (text === null) continue
      kept.drop(was)
      kept.write(is, text)
    }
  }

  /** What is typed becomes a draft instead, which is then looked at. */
  async propose(): Promise<void> {
    const { typing } = this
    const mapId = map.head?.id
    if (!typing || !mapId || typing.text.trim() === '') return
    this.#change(typing.id, { state: 'saving', text: typing.text.trim() })
    try {
      await propose(mapId, messages.drafts.titleOfNew(phrase(typing.text.trim())), [operationOf(typing)], `${mapId}${typing.id}`)
      kept.drop(this.#place(typing.stance, typing.target))
      this.discard(typing.id)
    } catch (error) {
      this.#change(typing.id, { state: 'waiting', problem: asProblem(error) })
    }
  }

  #change(id: string, change: Partial<Sentence>): void {
    this.sentences = this.sentences.map((one) => (one.id === id ? { ...one, ...change } : one))
  }

  #find(id: string | null): Sentence | undefined {
    return this.sentences.find((one) => one.id === id)
  }

  /** Where a text is kept: below a sentence that is not there yet, by what that one says, which outlasts its id. */
  #place(stance: Stance | null, target: string | null): string {
    const on = this.#find(target)
    const below = on ? `(${this.#place(on.stance, on.target)}: ${on.text.trim()})` : (target ?? '')
    return `${map.head?.id ?? ''} ${stance ?? CLAIM} ${below}`
  }
}

/** A sentence as what it makes: a claim, or a reason with its argument. */
function operationOf({ text, stance, target }: Sentence): object {
  const said = text.trim()
  if (stance === null || target === null) return { op: 'create', kind: 'statement', value: { text: said, origin: 'constructed' } }
  return { op: 'create', kind: 'argument', value: { text: said, stance, target } }
}

/** One write for one sentence, however often it is sent: its id is the key by which the service knows it again. */
async function write(mapId: string, one: Sentence): Promise<{ made: string; argument: string | null; revision: number; similar: Similar | null }> {
  const idempotencyKey = `${mapId}${one.id}`
  if (one.stance === null || one.target === null) {
    const body = { text: one.text, origin: 'constructed' }
    const { value } = await call<AnyNode & { revision: number; similar?: Similar[] }>(path(mapId, 'statements'), { method: 'POST', body, idempotencyKey })
    return { made: value.id, argument: null, revision: value.revision, similar: value.similar?.[0] ?? null }
  }
  const body = { text: one.text, stance: one.stance, target: one.target }
  const { value } = await call<AnyNode & { revision: number; similar?: Similar[] }>(path(mapId, 'arguments'), { method: 'POST', body, idempotencyKey })
  return { made: (value.premises as string[])[0] ?? value.id, argument: value.id, revision: value.revision, similar: value.similar?.[0] ?? null }
}

/** The map with the sentences that are not there yet, each in its place. */
export function withSentences(model: Model, sentences: readonly Sentence[]): Model {
  const coming = sentences.filter((one) => one.made === null || !model.boxes.has(one.made))
  if (coming.length === 0) return model
  const boxes = new Map(model.boxes)
  const steps = new Map(model.steps)
  for (const { id, text, stance, target: on } of coming) {
    // What it hangs on may have arrived a moment ago.
    const target = on !== null && !boxes.has(on) && !steps.has(on) ? (sentences.find((one) => one.id === on)?.made ?? on) : on
    const box: Box = { id, kind: 'statement', text, title: null, constructed: stance === null, concerns: [], all: null }
    boxes.set(id, box)
    if (stance === null || target === null || !(boxes.has(target) || steps.has(target))) continue
    const step: Step = { id: `${id}>`, premises: [id], target, stance, confidence: 'medium', inferred: true, scheme: null, text: null }
    steps.set(step.id, step)
  }
  return { ...model, boxes, steps, ...linksOf(steps.values()) }
}

export const writing = new Writing()
