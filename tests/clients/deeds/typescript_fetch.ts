/** The deeds with the client that openapi-generator makes for typescript-fetch: `node typescript_fetch.js ADDRESS`. */
import { type Deeds, given, run, same } from './deeds.js'
import {
  type ActorCreate,
  type ArgumentCreate,
  type ArgumentUpdate,
  type BatchCreate,
  Configuration,
  MapsApi,
  NodesApi,
  type Problem,
  ProblemFromJSON,
  QuestionsApi,
  ResponseError,
  type StatementUpdate,
  StatementUpdateToJSON,
} from './typescript-fetch/index.js'

const configuration = new Configuration({ basePath: given(process.argv[2]) })
const [mapsApi, nodes, questions] = [
  new MapsApi(configuration),
  new NodesApi(configuration),
  new QuestionsApi(configuration),
]
let maps = 0

/** The problem that a request must be answered with, and its status. */
async function problem(asked: Promise<unknown>): Promise<[number, Problem]> {
  try {
    await asked
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error
    return [error.response.status, ProblemFromJSON(await error.response.json())]
  }
  throw new Error('no problem')
}

/** A map with an actor, a source, a motive, two statements, two arguments and three assertions. */
async function newMap(): Promise<string> {
  maps += 1
  const map = `typescript-fetch-${maps}`
  await mapsApi.createMap({ mapCreate: { title: 'Bread', id: map } })
  const values: [BatchCreate['kind'], string, Record<string, unknown>][] = [
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
  const operations = values.map(([kind, id, value]) => ({ op: 'create' as const, kind, id, value }))
  await nodes.runBatch({ map, batchRequest: { operations } })
  return map
}

const deeds: Deeds = {
  async make_a_map() {
    const made = await mapsApi.createMap({ mapCreate: { title: 'A map', question: 'Why?' } })
    same([made.title, made.question, made.description], ['A map', 'Why?', ''])
    const read = await mapsApi.readMap({ map: made.id })
    same([read.id, read.revision, read.counts.statements], [made.id, 1, 0])
    same(read.createdAt.getTime() > 0, true)
  },

  async make_nodes() {
    const map = await newMap()
    const actorCreate: ActorCreate = { name: 'Bob', actorKind: 'person' }
    const who = await nodes.createActor({ map, actorCreate })
    const where = await nodes.createSource({
      map,
      sourceCreate: { title: 'A talk', sourceKind: 'interview', author: [who.id], published: '2024-11~' },
    })
    const why = await nodes.createMotive({
      map,
      motiveCreate: { name: 'thirst', category: 'other', text: 'Bob is thirsty.', actor: who.id },
    })
    const what = await nodes.createStatement({ map, statementCreate: { text: 'It is hot.', tags: ['weather'] } })
    same([where.author, why.actor, what.tags, what.note], [[who.id], who.id, ['weather'], null])
    same([what.revision, where.published], [6, '2024-11~'])
  },

  async make_an_argument_in_its_fields() {
    const map = await newMap()
    const argumentCreate: ArgumentCreate = {
      premises: ['shut', { text: 'No baker came.', id: 'baker' }],
      target: 'hunger',
      stance: 'supporting',
      confidence: 'high',
      id: 'a3',
    }
    const made = await nodes.createArgument({ map, argumentCreate })
    same([made.premises, made.stance, made.created], [['shut', 'baker'], 'supporting', ['a3', 'baker']])
    const read = await nodes.readArgument({ map, id: 'a3' })
    same([read.confidence, read.attack], ['high', null])
  },

  async make_an_argument_in_the_short_form() {
    const map = await newMap()
    const argumentCreate: ArgumentCreate = {
      text: 'Ann has a full pantry.',
      target: 'hunger',
      stance: 'opposing',
      actor: 'ann',
      source: 'paper',
      locator: { paragraph: 4 },
    }
    const made = await nodes.createArgument({ map, argumentCreate })
    same(made.created?.length, 3)
    const found = await nodes.listAssertions({ map, of: made.premises })
    same(found.items.map((one) => [one.chain, one.locator?.paragraph]), [[['ann'], 4]])
  },

  async list_assertions_and_follow_the_cursor() {
    const asked = { map: await newMap(), source: ['paper'], limit: 2 }
    const first = await nodes.listAssertions(asked)
    same([first.items.map((one) => one.id), first.total], [['x1', 'x2'], 3])
    const rest = await nodes.listAssertions({ ...asked, cursor: given(first.next) })
    same([rest.items.map((one) => one.id), rest.next], [['x3'], null])
    const unsure = await nodes.listAssertions({ map: asked.map, modality: ['possible'] })
    same(unsure.items.map((one) => one.id), ['x3'])
  },

  async read_a_node_of_any_kind() {
    const map = await newMap()
    const statement = await nodes.readNode({ map, id: 'shut' })
    if (statement.kind !== 'statement') throw new Error(statement.kind)
    same([statement.text, statement.tags, statement.note], ['The shop is shut.', ['shop'], 'seen'])
    same(
      statement.links.map((one) => `${one.source} ${one.relation} ${one.target}`).sort(),
      ['shut premise_of a1', 'x1 of shut', 'x3 of shut'],
    )
    const actor = await nodes.readNode({ map, id: 'ann' })
    if (actor.kind !== 'actor') throw new Error(actor.kind)
    same(actor.actorKind, 'person')
  },

  async change_one_field_and_leave_the_rest() {
    const at = { map: await newMap(), id: 'shut' }
    const text: StatementUpdate = { text: 'It is shut.' }
    same(StatementUpdateToJSON(text), { text: 'It is shut.' })
    await nodes.changeStatement({ ...at, statementUpdate: text })
    let read = await nodes.readStatement(at)
    same([read.text, read.note, read.tags, read.credence], ['It is shut.', 'seen', ['shop'], 0.8])
    await nodes.changeStatement({ ...at, statementUpdate: { note: null } })
    read = await nodes.readStatement(at)
    same([read.text, read.note, read.tags], ['It is shut.', null, ['shop']])
  },

  async send_back_what_was_read() {
    const map = await newMap()
    const statement = await nodes.readStatement({ map, id: 'shut' })
    const statementUpdate: StatementUpdate = { ...statement, note: 'new' }
    const changed = await nodes.changeStatement({ map, id: 'shut', statementUpdate })
    same([changed.note, changed.text, changed.createdAt], ['new', statement.text, statement.createdAt])
    const argument = await nodes.readArgument({ map, id: 'a2' })
    same(argument.attack, 'rebut')
    const argumentUpdate: ArgumentUpdate = { ...argument, warrant: 'Who has bread is not hungry.' }
    const result = await nodes.changeArgument({ map, id: 'a2', argumentUpdate })
    same([result.warrant, result.confidence], ['Who has bread is not hungry.', 'low'])
  },

  async be_told_that_it_was_changed_since() {
    const at = { map: await newMap(), id: 'shut' }
    const read = await nodes.readStatementRaw(at)
    const guarded = { ...at, ifMatch: given(read.raw.headers.get('etag')) }
    const done = await nodes.changeStatement({ ...guarded, statementUpdate: { note: 'first' } })
    same(done.note, 'first')
    const [status, { code }] = await problem(nodes.changeStatement({ ...guarded, statementUpdate: { note: 'second' } }))
    same([status, code], [412, 'stale'])
  },

  async run_a_batch() {
    const map = await newMap()
    const done = await nodes.runBatch({
      map,
      batchRequest: {
        operations: [
          { op: 'create', kind: 'statement', id: 'new', value: { text: 'New.' } },
          { op: 'update', kind: 'statement', id: 'shut', value: { note: 'changed' } },
          { op: 'upsert', kind: 'actor', id: 'cy', value: { name: 'Cy', actor_kind: 'group' } },
          { op: 'delete', kind: 'assertion', id: 'x3' },
        ],
      },
    })
    same(
      done.results.map((one) => `${one.op} ${one.kind} ${one.id}`),
      ['create statement new', 'update statement shut', 'upsert actor cy', 'delete assertion x3'],
    )
    same([done.revision, done.deleted], [3, ['x3']])
  },

  async find_paths_and_read_their_steps() {
    const found = await questions.findPaths({ map: await newMap(), from: ['shut'], to: ['hunger'] })
    same(found.items.map((one) => [one.nodes, one.polarity]), [[['shut', 'a1', 'empty', 'a2', 'hunger'], 'opposing']])
    same(
      found.items[0]?.steps.map((step) => [step.from, step.argument, step.to]),
      [['shut', 'a1', 'empty'], ['empty', 'a2', 'hunger']],
    )
    same([found.complete, found.reason, found.counts.opposing], [true, null, 1])
  },

  async evaluate() {
    const map = await newMap()
    const found = await questions.readEvaluation({ map })
    const verdicts = new Map(found.nodes.map((node) => [node.id, node.verdict]))
    same(verdicts.get('shut'), 'accepted')
    same([...verdicts.keys()].sort(), ['a1', 'a2', 'empty', 'hunger', 'shut'])
    const gradual = await questions.readEvaluation({ map, semantics: 'df-quad' })
    same(gradual.nodes.every((node) => given(node.strength) >= 0 && given(node.strength) <= 1), true)
  },

  async ask_what_if() {
    const answer = await questions.supposeEdits({
      map: await newMap(),
      whatIfRequest: {
        edits: [{ op: 'delete', kind: 'argument', id: 'a1', cascade: true }],
        ask: ['evaluation', 'paths'],
        from: ['shut'],
        to: ['hunger'],
      },
    })
    same(given(answer.evaluation).changed.find((one) => one.id === 'a1')?.after, null)
    same(given(answer.paths).lost.map((one) => one.nodes.at(-1)), ['hunger'])
    same(answer.motives, undefined)
  },

  async read_a_problem() {
    const map = await newMap()
    const argumentCreate: ArgumentCreate = { premises: ['shut', 'nobody'], target: 'hunger', stance: 'supporting' }
    const [status, told] = await problem(nodes.createArgument({ map, argumentCreate }))
    same([status, told.status, told.errors?.map((fault) => fault.pointer)], [422, 422, ['/premises/1']])
  },

  async delete_with_what_refers_to_it() {
    const at = { map: await newMap(), id: 'shut' }
    const [status, { code }] = await problem(nodes.deleteStatement(at))
    same([status, code], [409, 'still_referred_to'])
    const gone = await nodes.deleteStatement({ ...at, cascade: true })
    same([...gone.deleted].sort(), ['a1', 'shut', 'x1', 'x3'])
  },
}

await run(deeds)
