/**
 * What the page reads from the service and writes to it. `schema.d.ts` is written from the OpenAPI document
 * (`make types`); shapes are taken by the paths of the contract, which stay when models get other names.
 */
import type { paths } from './schema'

type Method = 'get' | 'post' | 'patch' | 'delete'
type Media<T> = T extends { content: { 'application/json': infer Body } } ? Body : never
type Said<Path extends keyof paths, Verb extends Method = 'get', Status extends number = 200> = paths[Path][Verb] extends { responses: infer All }
  ? Status extends keyof All
    ? Media<All[Status]>
    : never
  : never
type Written<Path extends keyof paths> = paths[Path]['post'] extends { requestBody?: infer Body } ? Media<NonNullable<Body>> : never
type Item<List> = List extends { items: (infer One)[] } ? One : never

export type GraphAnswer = Said<'/v1/maps/{map}/graph'>
export type GraphNode = GraphAnswer['nodes'][number]
export type Link = NonNullable<Said<'/v1/maps/{map}/nodes/{id}'>['links']>[number]
export type PathsAnswer = Said<'/v1/maps/{map}/paths'>
export type ArgumentPath = PathsAnswer['items'][number]
export type SummaryAnswer = Said<'/v1/maps/{map}/summary'>
export type EvaluationAnswer = Said<'/v1/maps/{map}/evaluation'>
export type WhyAnswer = Said<'/v1/maps/{map}/nodes/{id}/why'>
export type WhatIfAnswer = Said<'/v1/maps/{map}/what-if', 'post'>
export type PassageAnswer = Said<'/v1/maps/{map}/sources/{id}/passage', 'post'>
export type ChangesAnswer = Said<'/v1/maps/{map}/changes'>
export type ChangeItem = ChangesAnswer['items'][number]
export type ReversalAnswer = Said<'/v1/maps/{map}/undo', 'post'>
export type RemarksAnswer = Said<'/v1/maps/{map}/nodes/{id}/remarks'>
export type Remark = Item<RemarksAnswer>
export type Hit = Item<Said<'/v1/search'>>
export type DraftsAnswer = Said<'/v1/maps/{map}/drafts'>
export type DraftItem = Item<DraftsAnswer>
export type DraftAnswer = Said<'/v1/maps/{map}/drafts/{draft}'>
export type MergeAnswer = Said<'/v1/maps/{map}/merges', 'post'>
export type DuplicatesAnswer = Said<'/v1/maps/{map}/duplicates'>
export type Duplicate = Item<DuplicatesAnswer>
export type SessionAnswer = Said<'/v1/session'>
/** A map without its nodes. */
export type MapHead = Said<'/v1/maps/{map}'>
export type Similar = Said<'/v1/maps/{map}/arguments', 'post', 201>['similar'][number]

type Step = ArgumentPath['steps'][number]
export type Kind = GraphNode['kind']
export type Relation = GraphAnswer['edges'][number]['relation']
export type Stance = Step['stance']
export type Confidence = NonNullable<Step['confidence']>
export type Change = NonNullable<WhatIfAnswer['evaluation']>['changed'][number]
type Evaluated = NonNullable<Change['after']>
export type Verdict = Evaluated['verdict']
export type Standing = NonNullable<Evaluated['standing']>
/** A node's verdict, strength or both, as far as they were asked for. */
export type Judgement = Partial<Evaluated> & { weight?: number | null }

type Statement = Written<'/v1/maps/{map}/statements'>
type Source = Written<'/v1/maps/{map}/sources'>
type Assertion = Written<'/v1/maps/{map}/assertions'>
type Concern = NonNullable<Statement['concerns']>[number]

/** The values that a field can take, by the name of the field. */
export interface Choices {
  origin: NonNullable<Statement['origin']>
  role: Concern['role']
  stance: Stance
  confidence: Confidence
  actor_kind: Written<'/v1/maps/{map}/actors'>['actor_kind']
  source_kind: Source['source_kind']
  reliability: NonNullable<Source['reliability']>
  status: NonNullable<Source['status']>
  modality: NonNullable<Assertion['modality']>
  polarity: NonNullable<Assertion['polarity']>
  basis: NonNullable<GraphNode['basis']>
  match: NonNullable<Assertion['match']>
}

/** A node of any kind as the service sends it: its fields by name. */
export interface AnyNode {
  id: string
  kind: Kind
  version: number
  [field: string]: unknown
}

/** What is wrong with one field of what was sent. */
export interface Fault {
  pointer: string
  detail: string
  code?: string
}

export interface Listing<T> {
  items: T[]
  total: number
  next: string | null
}
