import { expect, it } from 'vitest'
import { readDate, writeDate } from './dates'

it.each([
  ['3 Nov 2024', { value: '2024-11-03', precision: 'day' }],
  ['3rd of November 2024', { value: '2024-11-03', precision: 'day' }],
  ['Nov 3, 2024', { value: '2024-11-03', precision: 'day' }],
  ['2024-11-3', { value: '2024-11-03', precision: 'day' }],
  ['2024-11', { value: '2024-11', precision: 'month' }],
  ['November 2024', { value: '2024-11', precision: 'month' }],
  ['1898', { value: '1898', precision: 'year' }],
  ['about 1898', { value: '1898', precision: 'year', earliest: '1893', latest: '1903' }],
  ['c. Jan 2020', { value: '2020-01', precision: 'month', earliest: '2019-12', latest: '2020-02' }],
  ['between 2020 and 2022', { value: null, precision: 'unknown', earliest: '2020', latest: '2022' }],
  ['before 1990', { value: null, precision: 'unknown', latest: '1990' }],
  ['unknown', { value: null, precision: 'unknown' }],
])('reads %s', (text, date) => expect(readDate(text)).toEqual(date))

it.each(['30 Feb 2024', '2024-13', 'soon', '31 Nob 2024', '2022 to 2020', '12/11/2024'])('takes %s for no date', (text) => expect(readDate(text)).toBeUndefined())
it('takes nothing for nothing', () => expect(readDate('  ')).toBeNull())
it('knows leap years', () => expect([readDate('29 Feb 2024')?.value, readDate('29 Feb 2023')]).toEqual(['2024-02-29', undefined]))

it.each(['3 Nov 2024', 'Nov 2024', '1898', 'about 1898', 'about Jan 2020', 'about 3 Nov 2024', '2020 to 2022', 'until 1990', 'since 3 Nov 2024', 'unknown', ''])('writes %s as it was read', (text) => {
  expect(writeDate(readDate(text))).toBe(text)
})
