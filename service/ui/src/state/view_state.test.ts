import { describe, expect, it } from 'vitest'
import { filterCount, read, START, viewParameters, write, type ViewState } from './view_state'

describe('the address', () => {
  const full: ViewState = {
    ...START,
    map: 'm',
    mode: 'outline',
    panel: 'paths',
    selected: 'a b&c',
    focus: 'f',
    depth: 3,
    asOf: '12',
    sources: ['s1', 's2'],
    actors: ['x'],
    without: ['y'],
    basis: 'explicit',
    minConfidence: 'high',
    stance: 'opposing',
    toggled: ['t'],
    unfolded: true,
    from: 'p',
    to: 'q',
    path: 2,
    verdicts: true,
    off: ['o'],
    credences: { 'p-1': 0.25 },
    sort: 'text.down',
    table: 'source',
    words: 'war',
    columns: ['url'],
    about: null,
    form: null,
  }

  it('holds everything and gives it back', () => expect(read(write(full))).toEqual(full))
  it('carries nothing of a panel that is closed', () => {
    const closed = read(write({ ...full, panel: 'none', about: 'food', form: 'opposing:food' }))
    expect([closed.from, closed.to, closed.path, closed.about, closed.form]).toEqual([null, null, null, null, null])
    expect(read(write({ ...full, panel: 'brief', about: 'food' })).about).toBe('food')
    expect(read(write({ ...full, panel: 'add', form: 'opposing:food' })).form).toBe('opposing:food')
  })
  it('is empty for the start', () => expect(write(START)).toBe(''))
  it('takes nothing that it does not know', () => {
    const view = read('?view=pie&depth=9&panel=x&stance=maybe&path=-1&credence=a:7&credence=:1')
    expect(view).toEqual(START)
  })
  it('counts the filters and hands them to the service', () => {
    expect(filterCount(full)).toBe(7)
    expect(viewParameters(full).toString()).toBe('as_of=12&sources=s1&sources=s2&actors=x&without=y&basis=explicit&min_confidence=high')
  })
})
