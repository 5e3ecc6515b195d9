import { describe, expect, it } from 'vitest'
import { ranksOf, wrapped } from './ranks'
import { thesisWidth } from './sizes'

const ids = (n: number): string[] => Array.from({ length: n }, (_, at) => `t${at}`)
const uneven = (id: string): number => 40 + ((Number(id.slice(1)) * 67) % 190)
const rows = (n: number, room: number, width = (): number => 100): number[] => wrapped(ids(n), width, 10, room).map((row) => row.length)

describe('a row that is wider than the room', () => {
  it('stays whole where it fits', () => expect(rows(5, 540)).toEqual([5]))
  it('breaks into as few as it takes, about as many in each', () => {
    expect(rows(5, 539)).toEqual([3, 2])
    expect(rows(9, 320)).toEqual([3, 3, 3])
  })
  it('has one in each where the room is narrow', () => expect(rows(3, 60)).toEqual([1, 1, 1]))
  it.each([100, 250, 333, 700, 2000])('keeps the order, loses none and fits into %i', (room) => {
    const found = wrapped(ids(40), uneven, 10, room)
    expect(found.flat()).toEqual(ids(40))
    for (const row of found) expect(row.length === 1 || row.reduce((sum, id) => sum + uneven(id) + 10, -10) <= room).toBe(true)
  })
  it('is nothing where nothing is', () => expect(rows(0, 100)).toEqual([]))
})

it('ranks a thesis below all that it leads to, and ends where they lead in a circle', () => {
  const ranks = ranksOf(['a', 'b', 'c', 'd', 'e'], new Map([['b', ['a']], ['c', ['b', 'a']], ['d', ['e']], ['e', ['d']]]))
  expect([ranks.get('a'), ranks.get('b'), ranks.get('c')]).toEqual([0, 1, 2])
  expect(ranks.size).toBe(5)
})

describe('the width of theses', () => {
  it('is as usual where few stand side by side', () => expect(thesisWidth(3, 1150, 206)).toBe(262))
  it.each([
    [1150, 206],
    [1014, 172],
  ])('lets five stand side by side in a room of %i, one of them with reasons below it', (room, reason) => {
    const width = thesisWidth(5, room, reason)
    expect(4 * (width + 28) + reason + 37).toBeLessThanOrEqual(room)
    expect(width).toBeGreaterThanOrEqual(172)
  })
  it('is as usual where only one has room', () => expect(thesisWidth(9, 379, 224)).toBe(262))
})
