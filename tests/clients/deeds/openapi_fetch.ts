/** The deeds with openapi-fetch and the types that openapi-typescript makes: `node openapi_fetch.js ADDRESS`. */
import createClient from 'openapi-fetch'

import { type Deeds, given, run, same } from './deeds.js'
import type { components, paths } from './schema.js'

type Shape = components['schemas']

const client = createClient<paths>({ baseUrl: given(process.argv[2]) })
let maps = 0

/** What an answer holds; a problem is told. */
function told<T>(answer: { data?: T; error?: Shape['Problem']; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.status} ${answer.error?.detail}`)
  return answer.data
}

/** The problem that must have been answered. */
function problem(answer: { error?: Shape['Problem']; response: Response }): Shape['Problem'] {
  if (answer.error === undefined) throw new Error(`${answer.response.status} and no problem`)
  return answer.error
}

/** A map with an actor, a source, a motive, two statements, two arguments and three assertions. */
async function newMap(): Promise<string> {
  maps += 1
  const map = `openapi-fetch-${maps}`
  told(await client.POST('/v1/maps', { body: { title: 'Bread', id: map } }))
  const values: [Shape['KindWord'], string, Record<string, unknown>][] = [
    ['actor', 'ann', { name: 'Ann', actor_kind: 'person' }],
    ['source', 'paper', { title: 'The paper', source_kind: 'article' }],
    ['motive', 'hunger', { name: 'hunger', category: 'food', text: 'Ann wants bread.', actor: 'ann' }],
    ['statement', 'shut', { text: 'The shop is shut.', note: 'seen', tags: ['shop'], credence: 0.8 }],
    ['statement', 'empty', { text: 'The shelf is empty.' }],
    ['argument', 'a1', { premises: ['shut'], target: 'empty', stance: 'supporting' }],
    ['argument', 'a2', { premises: ['empty'], target: 'hunger', stance: 'opposing', confidence: 'low' }],
    ['assertion', 'x1', { of: 'shut', source: 'paper', chain: ['ann'] }],
    ['assertion', 'x2', { of: 'empty', source: 'paper' }],
    ['assertion', 'x3', { of: 'shut', source: 'paper', modality: 'possible' }],
  ]
  const operations = values.map(([kind, id, value]): Shape['BatchCreate'] => ({ op: 'create', kind, id, value }))
  told(await client.POST('/v1/maps/{map}/batch', { params: { path: { map } }, body: { operations } }))
  return map
}

const deeds: Deeds = {
  async make_a_map() {
    const made = told(await client.POST('/v1/maps', { body: { title: 'A map', question: 'Why?' } }))
    same([made.title, made.question, made.description], ['A map', 'Why?', ''])
    const read = told(await client.GET('/v1/maps/{map}', { params: { path: { map: made.id } } }))
    same([read.id, read.revision, read.counts.statements], [made.id, 1, 0])
  },

  async make_nodes() {
    const params = { path: { map: await newMap() } }
    const actor: Shape['ActorCreate'] = { name: 'Bob', actor_kind: 'person' }
    const who = told(await client.POST('/v1/maps/{map}/actors', { params, body: actor }))
    const published = { value: '2024-11', precision: 'month' } as const
    const source: Shape['SourceCreate'] = { title: 'A talk', source_kind: 'interview', author: [who.id], published }
    const where = told(await client.POST('/v1/maps/{map}/sources', { params, body: source }))
    const motive = { name: 'thirst', category: 'other', text: 'Bob is thirsty.', actor: who.id } as const
    const why = told(await client.POST('/v1/maps/{map}/motives', { params, body: motive }))
    const body = { text: 'It is hot.', tags: ['weather'] }
    const what = told(await client.POST('/v1/maps/{map}/statements', { params, body }))
    same([where.author, why.actor, what.tags, what.note], [[who.id], who.id, ['weather'], null])
    same(what.revision, 6)
    if (typeof where.published !== 'object') throw new Error(where.published)
    same([where.published?.value, where.published?.precision], ['2024-11', 'month'])
  },

  async make_an_argument_in_its_fields() {
    const map = await newMap()
    const body: Shape['ArgumentCreate'] = {
      premises: ['shut', { text: 'No baker came.', id: 'baker' }],
      target: 'hunger',
      stance: 'supporting',
      confidence: 'high',
      id: 'a3',
    }
    const made = told(await client.POST('/v1/maps/{map}/arguments', { params: { path: { map } }, body }))
    same([made.premises, made.stance, made.created], [['shut', 'baker'], 'supporting', ['a3', 'baker']])
    const read = told(await client.GET('/v1/maps/{map}/arguments/{id}', { params: { path: { map, id: 'a3' } } }))
    same([read.confidence, read.attack], ['high', null])
  },

  async make_an_argument_in_the_short_form() {
    const path = { map: await newMap() }
    const body: Shape['ArgumentCreate'] = {
      text: 'Ann has a full pantry.',
      target: 'hunger',
      stance: 'opposing',
      actor: 'ann',
      source: 'paper',
      locator: { paragraph: 4 },
    }
    const made = told(await client.POST('/v1/maps/{map}/arguments', { params: { path }, body }))
    same(made.created?.length, 3)
    const query = { of: made.premises }
    const found = told(await client.GET('/v1/maps/{map}/assertions', { params: { path, query } }))
    same(found.items.map((one) => [one.chain, one.locator?.paragraph]), [[['ann'], 4]])
  },

  async list_assertions_and_follow_the_cursor() {
    const path = { map: await newMap() }
    const query = { source: ['paper'], limit: 2 }
    const first = told(await client.GET('/v1/maps/{map}/assertions', { params: { path, query } }))
    same([first.items.map((one) => one.id), first.total], [['x1', 'x2'], 3])
    const following = { ...query, cursor: given(first.next) }
    const rest = told(await client.GET('/v1/maps/{map}/assertions', { params: { path, query: following } }))
    same([rest.items.map((one) => one.id), rest.next], [['x3'], null])
    const params = { path, query: { modality: ['possible' as const] } }
    const unsure = told(await client.GET('/v1/maps/{map}/assertions', { params }))
    same(unsure.items.map((one) => one.id), ['x3'])
  },

  async read_a_node_of_any_kind() {
    const map = await newMap()
    const statement = told(await client.GET('/v1/maps/{map}/nodes/{id}', { params: { path: { map, id: 'shut' } } }))
    if (statement.kind !== 'statement') throw new Error(statement.kind)
    same([statement.text, statement.tags, statement.note], ['The shop is shut.', ['shop'], 'seen'])
    same(
      statement.links.map((one) => `${one.source} ${one.relation} ${one.target}`).sort(),
      ['shut premise_of a1', 'x1 of shut', 'x3 of shut'],
    )
    const actor = told(await client.GET('/v1/maps/{map}/nodes/{id}', { params: { path: { map, id: 'ann' } } }))
    if (actor.kind !== 'actor') throw new Error(actor.kind)
    same(actor.actor_kind, 'person')
  },

  async change_one_field_and_leave_the_rest() {
    const params = { path: { map: await newMap(), id: 'shut' } }
    const text: Shape['StatementUpdate'] = { text: 'It is shut.' }
    told(await client.PATCH('/v1/maps/{map}/statements/{id}', { params, body: text }))
    let read = told(await client.GET('/v1/maps/{map}/statements/{id}', { params }))
    same([read.text, read.note, read.tags, read.credence], ['It is shut.', 'seen', ['shop'], 0.8])
    const note: Shape['StatementUpdate'] = { note: null }
    told(await client.PATCH('/v1/maps/{map}/statements/{id}', { params, body: note }))
    read = told(await client.GET('/v1/maps/{map}/statements/{id}', { params }))
    same([read.text, read.note, read.tags], ['It is shut.', null, ['shop']])
  },

  async send_back_what_was_read() {
    const map = await newMap()
    const one = { path: { map, id: 'shut' } }
    const statement = told(await client.GET('/v1/maps/{map}/statements/{id}', { params: one }))
    const body: Shape['StatementUpdate'] = { ...statement, note: 'new' }
    const changed = told(await client.PATCH('/v1/maps/{map}/statements/{id}', { params: one, body }))
    same([changed.note, changed.text, changed.created_at], ['new', statement.text, statement.created_at])
    const other = { path: { map, id: 'a2' } }
    const argument = told(await client.GET('/v1/maps/{map}/arguments/{id}', { params: other }))
    same(argument.attack, 'rebut')
    const step: Shape['ArgumentUpdate'] = { ...argument, warrant: 'Who has bread is not hungry.' }
    const result = told(await client.PATCH('/v1/maps/{map}/arguments/{id}', { params: other, body: step }))
    same([result.warrant, result.confidence], ['Who has bread is not hungry.', 'low'])
  },

  async be_told_that_it_was_changed_since() {
    const path = { map: await newMap(), id: 'shut' }
    const read = await client.GET('/v1/maps/{map}/statements/{id}', { params: { path } })
    const params = { path, header: { 'If-Match': given(read.response.headers.get('etag')) } }
    const done = told(await client.PATCH('/v1/maps/{map}/statements/{id}', { params, body: { note: 'first' } }))
    same(done.note, 'first')
    const refused = await client.PATCH('/v1/maps/{map}/statements/{id}', { params, body: { note: 'second' } })
    same([refused.response.status, problem(refused).code], [412, 'stale'])
  },

  async run_a_batch() {
    const path = { map: await newMap() }
    const body: Shape['BatchRequest'] = {
      operations: [
        { op: 'create', kind: 'statement', id: 'new', value: { text: 'New.' } },
        { op: 'update', kind: 'statement', id: 'shut', value: { note: 'changed' } },
        { op: 'upsert', kind: 'actor', id: 'cy', value: { name: 'Cy', actor_kind: 'group' } },
        { op: 'delete', kind: 'assertion', id: 'x3' },
      ],
    }
    const done = told(await client.POST('/v1/maps/{map}/batch', { params: { path }, body }))
    same(
      done.results.map((one) => `${one.op} ${one.kind} ${one.id}`),
      ['create statement new', 'update statement shut', 'upsert actor cy', 'delete assertion x3'],
    )
    same([done.revision, done.deleted], [3, ['x3']])
  },

  async find_paths_and_read_their_steps() {
    const path = { map: await newMap() }
    const query = { from: ['shut'], to: ['hunger'] }
    const found = told(await client.GET('/v1/maps/{map}/paths', { params: { path, query } }))
    same(found.items.map((one) => [one.nodes, one.polarity]), [[['shut', 'a1', 'empty', 'a2', 'hunger'], 'opposing']])
    same(
      found.items[0]?.steps.map((step) => [step.from, step.argument, step.to]),
      [['shut', 'a1', 'empty'], ['empty', 'a2', 'hunger']],
    )
    same([found.complete, found.reason, found.counts.opposing], [true, null, 1])
  },

  async evaluate() {
    const path = { map: await newMap() }
    const found = told(await client.GET('/v1/maps/{map}/evaluation', { params: { path } }))
    const verdicts = new Map(found.nodes.map((node) => [node.id, node.verdict]))
    same(verdicts.get('shut'), 'accepted' satisfies Shape['Verdict'])
    same([...verdicts.keys()].sort(), ['a1', 'a2', 'empty', 'hunger', 'shut'])
    const query = { semantics: 'df-quad' as const }
    const gradual = told(await client.GET('/v1/maps/{map}/evaluation', { params: { path, query } }))
    same(gradual.nodes.every((node) => given(node.strength) >= 0 && given(node.strength) <= 1), true)
  },

  async ask_what_if() {
    const path = { map: await newMap() }
    const body: Shape['WhatIfRequest'] = {
      edits: [{ op: 'delete', kind: 'argument', id: 'a1', cascade: true }],
      ask: ['evaluation', 'paths'],
      from: ['shut'],
      to: ['hunger'],
    }
    const answer = told(await client.POST('/v1/maps/{map}/what-if', { params: { path }, body }))
    same(given(answer.evaluation).changed.find((one) => one.id === 'a1')?.after, null)
    same(given(answer.paths).lost.map((one) => one.nodes.at(-1)), ['hunger'])
    same(answer.motives, undefined)
  },

  async read_a_problem() {
    const params = { path: { map: await newMap() } }
    const body: Shape['ArgumentCreate'] = { premises: ['shut', 'nobody'], target: 'hunger', stance: 'supporting' }
    const refused = await client.POST('/v1/maps/{map}/arguments', { params, body })
    const { status, errors } = problem(refused)
    same([refused.response.status, status, errors?.map((fault) => fault.pointer)], [422, 422, ['/premises/1']])
  },

  async delete_with_what_refers_to_it() {
    const path = { map: await newMap(), id: 'shut' }
    const refused = await client.DELETE('/v1/maps/{map}/statements/{id}', { params: { path } })
    same([refused.response.status, problem(refused).code], [409, 'still_referred_to'])
    const params = { path, query: { cascade: true } }
    const gone = told(await client.DELETE('/v1/maps/{map}/statements/{id}', { params }))
    same([...gone.deleted].sort(), ['a1', 'shut', 'x1', 'x3'])
  },
}

await run(deeds)
