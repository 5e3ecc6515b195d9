import { expect, it } from 'vitest'
import type { LaidOut } from './laid'
import { coveredBy, pack } from './parts'

const part = (id: string, width: number, height: number): LaidOut => ({ width, height, at: new Map([[id, { x: 0, y: 0 }]]), lines: [] })
const main: LaidOut = { width: 800, height: 500, at: new Map([['tall', { x: 0, y: 0 }], ['short', { x: 316, y: 0 }]]), lines: [] }
const sizes = new Map([['tall', { width: 300, height: 500 }], ['short', { width: 484, height: 100 }]])

it('puts what stands alone below a main part of which nothing is known', () => {
  expect(pack([main, part('alone', 200, 300)], 1.7).at.get('alone')).toEqual({ x: 0, y: 526 })
})

it('puts what stands alone where a column of the main part leaves room', () => {
  const whole = pack([main, part('alone', 200, 300)], 1.7, coveredBy(main, (id) => sizes.get(id)))
  expect(whole.at.get('alone')).toEqual({ x: 316, y: 126 })
  expect([whole.width, whole.height]).toEqual([800, 500])
})

it('keeps clear of the lines of the main part', () => {
  const lined = { ...main, lines: [{ step: 'a', head: true, points: [{ x: 400, y: 50 }, { x: 400, y: 480 }] }] }
  const whole = pack([lined, part('alone', 200, 300)], 1.7, coveredBy(lined, (id) => sizes.get(id)))
  expect(whole.at.get('alone')).toEqual({ x: 416, y: 126 })
})
