import type { Point } from '../layout/geometry'

/** What was dragged onto what, until the reader says how it is meant. */
export interface DroppedOn {
  /** A box, or an argument whose end is moved. */
  from: string
  onto: string
  at: Point
}

const FAR = 6
/** A finger that rests so long on a box takes it along; one that moves at once moves the map. */
const REST = 380

/** Dragging a box onto another, or the end of an arrow to another box: by mouse at once, by touch after a rest. */
export class Dragging {
  from: string | null = $state(null)
  at: Point | null = $state.raw(null)
  dropped: DroppedOn | null = $state.raw(null)
  /** The click that a drop ends in is no choice. */
  justDropped = false
  #down: { id: string; x: number; y: number; touch: boolean } | null = null
  #rest: ReturnType<typeof setTimeout> | undefined

  constructor(readonly toMap: (x: number, y: number) => Point) {}

  /** Whether a gesture is left to the map, which moves with it. */
  leaves(event: Event): boolean {
    if (event.type === 'wheel' || event.type.startsWith('touch')) return this.from === null
    const mouse = event as MouseEvent
    return !mouse.button && (mouse.target as Element).closest('.node, .end') === null
  }

  start(event: PointerEvent, writable: boolean): void {
    const node = (event.target as Element).closest<SVGElement>('[data-id]')
    if (!writable || !node || event.button !== 0 || (event.target as Element).closest('.fold')) return
    const touch = event.pointerType !== 'mouse'
    this.#down = { id: node.dataset.id ?? '', x: event.clientX, y: event.clientY, touch }
    if (touch) this.#rest = setTimeout(() => this.#take(event.clientX, event.clientY), REST)
    // A pen or finger would else go on speaking to the box where it began.
    if (touch) (event.target as Element).releasePointerCapture?.(event.pointerId)
  }

  move(event: PointerEvent): void {
    const down = this.#down
    if (!down) return
    const far = Math.hypot(event.clientX - down.x, event.clientY - down.y) > FAR
    if (this.from === null && far) {
      if (down.touch) return this.cancel()
      this.#take(event.clientX, event.clientY)
    }
    if (this.from !== null) this.at = this.toMap(event.clientX, event.clientY)
  }

  drop(event: PointerEvent): void {
    const { from } = this
    this.cancel()
    if (from === null) return
    this.justDropped = true
    setTimeout(() => (this.justDropped = false))
    const onto = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest<SVGElement>('svg.canvas [data-id]')?.dataset.id).find((id) => id !== undefined && id !== from)
    if (onto !== undefined && !onto.startsWith('~')) this.dropped = { from, onto, at: this.toMap(event.clientX, event.clientY) }
  }

  cancel(): void {
    clearTimeout(this.#rest)
    this.#down = null
    this.from = this.at = null
  }

  #take(x: number, y: number): void {
    const down = this.#down
    if (!down || down.id.startsWith('~')) return
    this.from = down.id
    this.at = this.toMap(x, y)
    this.dropped = null
  }
}
