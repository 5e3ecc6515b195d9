export interface Point {
  x: number
  y: number
}

/** A line that belongs to a step; it has a head where it reaches the step's target. */
export interface Line {
  step: string
  points: Point[]
  head: boolean
}

/** Where the parts of one level came to stand: boxes by id, the middles of arguments' nodes by `@id`, stacks by `=id`. */
export interface LaidOut {
  width: number
  height: number
  at: Map<string, Point>
  lines: Line[]
}

export const DOT = 20
export const INSET = 18
