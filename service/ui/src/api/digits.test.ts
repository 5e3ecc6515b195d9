import { expect, test } from 'vitest'
import { encode, isLong, parse } from './digits'

test('a figure with more digits than a number keeps comes back digit for digit', () => {
  const text = '{"quantities":[{"value":0.12345678901234567890,"min":123456789012345678901,"max":2000.50}]}'
  const read = parse(text)
  expect(read).toEqual({ quantities: [{ value: '0.12345678901234567890', min: '123456789012345678901', max: 2000.5 }] })
  expect(encode(read)).toBe('{"quantities":[{"value":0.12345678901234567890,"min":123456789012345678901,"max":2000.5}]}')
})

test('texts and dates stay what they are', () => {
  const value = { published: { value: '2024' }, text: '12345678901234567890', value: '\u0001x' }
  expect(JSON.parse(encode(value))).toEqual(value)
})

test('zeros before a figure are no digits of it', () => {
  expect(isLong('0.000000000000000000001')).toBe(false)
  expect(isLong('-1234567890.1234567')).toBe(true)
  expect(isLong('1e300')).toBe(false)
})
