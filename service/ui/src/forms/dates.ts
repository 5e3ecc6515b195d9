/** A date as the service keeps it. */
export interface Dating {
  value?: string | null
  precision?: 'day' | 'month' | 'year' | 'unknown' | null
  earliest?: string | null
  latest?: string | null
  note?: string | null
}

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']
const SHORT = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** “about 1898” reaches so many years, months or days to either side. */
const ABOUT = { year: 5, month: 1, day: 7, unknown: 0 } as const

/**
 * Read a date as people write it: “3 Nov 2024”, “2024-11”, “November 2024”, “about 1898”, “before 1990”,
 * “2020 to 2022”, “unknown”. Undefined is what is no date, null is nothing at all.
 */
export function readDate(text: string): Dating | null | undefined {
  const said = text.trim().toLowerCase().replaceAll(/\s+/g, ' ')
  if (said === '') return null
  if (['unknown', 'undated', 'no date', '?'].includes(said)) return { value: null, precision: 'unknown' }
  const between = /^(?:between |from )?(.+?)(?: and | to | ?– ?| ?\.\. ?)(.+)$/.exec(said)
  if (between) {
    const [from, to] = [point(between[1] ?? ''), point(between[2] ?? '')]
    return from && to && first(from) <= last(to) ? { value: null, precision: 'unknown', earliest: first(from), latest: last(to) } : undefined
  }
  const bound = /^(before|until|by|after|since|from) (.+)$/.exec(said)
  if (bound) {
    const at = point(bound[2] ?? '')
    if (!at) return undefined
    const upper = ['before', 'until', 'by'].includes(bound[1] ?? '')
    return { value: null, precision: 'unknown', ...(upper ? { latest: last(at) } : { earliest: first(at) }) }
  }
  const about = /^(?:about |around |circa |c\. ?|ca\.? ?|~ ?)(.+)$/.exec(said)
  const at = point(about?.[1] ?? said)
  if (!at) return undefined
  return about ? { ...at, earliest: shifted(at, -1), latest: shifted(at, 1) } : at
}

/** A date in the words that `readDate` reads. */
export function writeDate(date: Dating | null | undefined): string {
  if (!date) return ''
  const { value, earliest, latest } = date
  if (value) {
    const about = earliest && latest && earliest === shifted({ value, precision: precisionOf(value) }, -1)
    return (about ? 'about ' : '') + shown(value)
  }
  if (earliest && latest) return `${shown(earliest)} to ${shown(latest)}`
  if (latest) return `until ${shown(latest)}`
  if (earliest) return `since ${shown(earliest)}`
  return date.precision ? 'unknown' : ''
}

type Known = { value: string; precision: 'day' | 'month' | 'year' }

function point(said: string): Known | null {
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(said)
  if (iso) return known(iso[1], iso[2], iso[3])
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?([a-z]{3,9})\.?,? (\d{4})$/.exec(said)
  if (dayFirst) return known(dayFirst[3], monthOf(dayFirst[2]), dayFirst[1])
  const monthFirst = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/.exec(said)
  if (monthFirst) return known(monthFirst[3], monthOf(monthFirst[1]), monthFirst[2])
  const noDay = /^([a-z]{3,9})\.?,? (\d{4})$/.exec(said)
  return noDay ? known(noDay[2], monthOf(noDay[1])) : null
}

/** Null for a day that the calendar does not have. */
function known(year = '', month?: string, day?: string): Known | null {
  if (month === undefined) return { value: year, precision: 'year' }
  const m = Number(month)
  if (!(m >= 1 && m <= 12)) return null
  const ym = `${year}-${String(m).padStart(2, '0')}`
  if (day === undefined) return { value: ym, precision: 'month' }
  const d = Number(day)
  return d >= 1 && d <= days(Number(year), m) ? { value: `${ym}-${String(d).padStart(2, '0')}`, precision: 'day' } : null
}

function monthOf(word = ''): string {
  const at = MONTHS.findIndex((one) => word.length >= 3 && one.startsWith(word))
  return String(at + 1)
}

function days(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function precisionOf(value: string): Known['precision'] {
  return value.length === 4 ? 'year' : value.length === 7 ? 'month' : 'day'
}

function first(at: Known): string {
  return at.value
}

function last(at: Known): string {
  return at.value
}

function shifted(at: Known, sign: 1 | -1): string {
  const [year = 0, m = 1, d = 1] = at.value.split('-').map(Number)
  const by = sign * ABOUT[at.precision]
  if (at.precision === 'year') return pad(year + by, 4)
  const date = at.precision === 'month' ? new Date(Date.UTC(year, m - 1 + by, 1)) : new Date(Date.UTC(year, m - 1, d + by))
  const ym = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}`
  return at.precision === 'month' ? ym : `${ym}-${pad(date.getUTCDate())}`
}

function pad(n: number, width = 2): string {
  return String(n).padStart(width, '0')
}

function shown(value: string): string {
  const [year = '', m, d] = value.split('-')
  if (!m) return year
  const name = SHORT[Number(m) - 1] ?? m
  return d ? `${Number(d)} ${name} ${year}` : `${name} ${year}`
}
