import { expect, it } from 'vitest'
import { readDate, writeDate } from './dates'

it.each([
  ['3 Nov 2024', '2024-11-03'],
  ['3rd of November 2024', '2024-11-03'],
  ['Nov 3, 2024', '2024-11-03'],
  ['2024-11-3', '2024-11-03'],
  ['2024-11', '2024-11'],
  ['November 2024', '2024-11'],
  ['1898', '1898'],
  ['about 1898', '1898~'],
  ['c. Jan 2020', '2020-01~'],
  ['between 2020 and 2022', '2020/2022'],
  ['before 1990', '../1990'],
  ['since 3 Nov 2024', '2024-11-03/..'],
  ['2004-06-XX/2004-07-03', '2004-06-XX/2004-07-03'],
  ['unknown', { value: null, precision: 'unknown' }],
])('reads %s', (text, date) => expect(readDate(text)).toEqual(date))

it.each(['30 Feb 2024', '2024-13', 'soon', '31 Nob 2024', '2022 to 2020', '12.11.2024'])('takes %s for no date', (text) => expect(readDate(text)).toBeUndefined())
it('takes nothing for nothing', () => expect(readDate('  ')).toBeNull())
it('knows leap years', () => expect([readDate('29 Feb 2024'), readDate('29 Feb 2023')]).toEqual(['2024-02-29', undefined]))

it.each(['3 Nov 2024', 'Nov 2024', '1898', 'about 1898', 'about Jan 2020', 'about 3 Nov 2024', '2020 to 2022', 'until 1990', 'since 3 Nov 2024', 'unknown', ''])('writes %s as it was read', (text) => {
  expect(writeDate(readDate(text))).toBe(text)
})
it('writes a date with bounds of its own', () => {
  expect(writeDate({ value: null, precision: 'unknown', earliest: '2024-10-22', latest: null, note: 'by its words' })).toBe('since 22 Oct 2024')
  expect(writeDate({ value: '2024-11-03', precision: 'day' })).toBe('3 Nov 2024')
})
