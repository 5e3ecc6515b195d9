import { afterEach, expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import { Resource, type Ask } from './resource.svelte'

/** A question whose answer the test gives when it likes. */
function open<T>(): { ask: Ask<T>; give: (value: T) => void; refuse: (error: unknown) => void; signal: () => AbortSignal } {
  let give!: (value: T) => void
  let refuse!: (error: unknown) => void
  let heard!: AbortSignal
  const answer = new Promise<T>((done, fail) => ([give, refuse] = [done, fail]))
  return { ask: (signal) => ((heard = signal), answer), give, refuse, signal: () => heard }
}

afterEach(() => void vi.useRealTimers())

it('takes the newest answer, whatever comes first, and cancels the older question', async () => {
  const one = new Resource<string>()
  const [old, fresh] = [open<string>(), open<string>()]
  const loads = [one.load(old.ask), one.load(fresh.ask)]
  expect(old.signal().aborted).toBe(true)
  fresh.give('new')
  old.give('old')
  expect(await Promise.all(loads)).toEqual([false, true])
  expect([one.value, one.loading]).toEqual(['new', false])
})

it('asks nothing twice that it is asking or knows', async () => {
  const one = new Resource<number>()
  const ask = vi.fn(async () => 1)
  await Promise.all([one.load(ask, 'a'), one.load(ask, 'a')])
  await one.load(ask, 'a')
  expect(ask).toHaveBeenCalledTimes(1)
  await one.load(ask, 'b')
  expect(ask).toHaveBeenCalledTimes(2)
})

it('shows a refusal, forgets the old answer, and can be asked again', async () => {
  const one = new Resource<string>()
  await one.load(async () => 'first')
  await one.load(() => Promise.reject(new Problem(404, { detail: 'gone' })), 'k')
  expect([one.value, one.problem?.status]).toEqual([null, 404])
  await one.load(async () => 'back', 'k')
  expect([one.value, one.problem]).toEqual(['back', null])
})

it('keeps what is shown while the service is away, and comes back by itself', async () => {
  vi.useFakeTimers()
  const one = new Resource<string>()
  await one.load(async () => 'shown')
  const ask = vi.fn<Ask<string>>().mockRejectedValueOnce(new Problem(503, {})).mockResolvedValueOnce('fresh')
  await one.load(ask)
  expect([one.value, one.problem?.status]).toEqual(['shown', 503])
  await vi.advanceTimersByTimeAsync(5000)
  expect([one.value, one.problem]).toEqual(['fresh', null])
})

it('is quiet once it is cleared', async () => {
  const one = new Resource<string>()
  const late = open<string>()
  const load = one.load(late.ask)
  one.clear()
  late.give('late')
  expect(await load).toBe(false)
  expect([one.value, one.loading]).toEqual([null, false])
})

it('tells what is broken in the page from a service that does not answer', async () => {
  const one = new Resource<string>()
  await one.load(() => Promise.reject(new TypeError('x is no function')))
  expect(one.problem?.passing).toBe(false)
  expect(one.problem?.message).toContain('x is no function')
})
