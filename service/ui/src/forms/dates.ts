/** A date as the service keeps it: in EDTF (ISO 8601-2), or with bounds of its own. */
export type Dating =
  | string
  | {
      value?: string | null
      precision?: 'day' | 'month' | 'year' | 'unknown' | null
      earliest?: string | null
      latest?: string | null
      note?: string | null
    }

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']
const SHORT = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const UNKNOWN = { value: null, precision: 'unknown' } as const

/**
 * Read a date as people write it: “3 Nov 2024”, “2024-11”, “November 2024”, “about 1898”, “before 1990”,
 * “2020 to 2022”, “unknown”, or EDTF. Undefined is what is no date, null is nothing at all.
 */
export function readDate(text: string): Dating | null | undefined {
  const said = text.trim().toLowerCase().replaceAll(/\s+/g, ' ')
  if (said === '') return null
  if (['unknown', 'undated', 'no date', '?'].includes(said)) return UNKNOWN
  if (/^[\dx?~%.\-/tz:[\]{}, ]+$/.test(said) && /[~/?%x[{]|\.\./.test(said)) return text.trim()
  const between = /^(?:between |from )?(.+?)(?: and | to | ?– ?)(.+)$/.exec(said)
  if (between) {
    const [from, to] = [point(between[1] ?? ''), point(between[2] ?? '')]
    return from && to && from <= to ? `${from}/${to}` : undefined
  }
  const bound = /^(before|until|by|after|since|from) (.+)$/.exec(said)
  if (bound) {
    const at = point(bound[2] ?? '')
    if (!at) return undefined
    return ['before', 'until', 'by'].includes(bound[1] ?? '') ? `../${at}` : `${at}/..`
  }
  const about = /^(?:about |around |circa |c\. ?|ca\.? ?)(.+)$/.exec(said)
  const at = point(about?.[1] ?? said)
  if (!at) return undefined
  return about ? `${at}~` : at
}

/** A date in the words that `readDate` reads; what has no words of its own stands as EDTF. */
export function writeDate(date: Dating | null | undefined): string {
  if (!date) return ''
  if (typeof date === 'string') return words(date)
  const { value, earliest, latest, precision } = date
  if (value) return words(value)
  if (earliest && latest) return `${shown(earliest)} to ${shown(latest)}`
  if (latest) return `until ${shown(latest)}`
  if (earliest) return `since ${shown(earliest)}`
  return precision ? 'unknown' : ''
}

function words(edtf: string): string {
  const [from = '', to] = edtf.split('/')
  if (to === '..') return `since ${shown(from)}`
  if (from === '..' && to) return `until ${shown(to)}`
  if (to) return `${shown(from)} to ${shown(to)}`
  return edtf.endsWith('~') ? `about ${shown(edtf.slice(0, -1))}` : shown(edtf)
}

function point(said: string): string | null {
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
function known(year = '', month?: string, day?: string): string | null {
  if (month === undefined) return year
  const m = Number(month)
  if (!(m >= 1 && m <= 12)) return null
  const ym = `${year}-${String(m).padStart(2, '0')}`
  if (day === undefined) return ym
  const d = Number(day)
  return d >= 1 && d <= new Date(Date.UTC(Number(year), m, 0)).getUTCDate() ? `${ym}-${String(d).padStart(2, '0')}` : null
}

function monthOf(word = ''): string {
  const at = MONTHS.findIndex((one) => word.length >= 3 && one.startsWith(word))
  return String(at + 1)
}

function shown(value: string): string {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(value)
  if (!parts) return value
  const [, year = '', m, d] = parts
  if (!m) return year
  const name = SHORT[Number(m) - 1] ?? m
  return d ? `${Number(d)} ${name} ${year}` : `${name} ${year}`
}
