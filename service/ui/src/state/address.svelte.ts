import { read, write, type Sight } from './sight'

/** The sight that the address holds, as state; going somewhere is a step that the browser can take back. */
class Address {
  sight: Sight = $state.raw(read(location.search))

  /** Asked before a panel is left; says no where something typed would be lost. */
  guard: () => boolean = () => true

  constructor() {
    addEventListener('popstate', () => {
      const next = read(location.search)
      if (leaves(this.sight, next) && !this.guard()) history.pushState(null, '', `${location.pathname}${write(this.sight)}`)
      else this.sight = next
    })
  }

  go(change: Partial<Sight>, how: 'push' | 'replace' = 'push'): void {
    const next = { ...this.sight, ...change }
    if (leaves(this.sight, next) && !this.guard()) return
    const target = write(next)
    this.sight = next
    if (target === location.search) return
    const address = `${location.pathname}${target}`
    if (how === 'push') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
  }

  /** Where a change would lead, for a real link. */
  href(change: Partial<Sight>): string {
    return write({ ...this.sight, ...change }) || '?'
  }

  select(id: string | null): void {
    this.go({ selected: id, panel: id ? 'node' : null })
  }
}

function leaves(from: Sight, to: Sight): boolean {
  return from.map !== to.map || from.panel !== to.panel || from.selected !== to.selected || from.form !== to.form
}

export const address = new Address()
