/** Significant digits that a number of JavaScript always keeps. */
const KEPT = 15
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
/** The fields that hold figures, which are decimals of any length. */
const FIGURES = new Set(['value', 'min', 'max'])
/** Before a figure on its way into JSON; no text of a form begins so. */
const MARK = '\u0001'

/** Whether a number has more digits than a number of JavaScript keeps. */
export function isLong(text: string): boolean {
  return NUMBER.test(text) && text.replace(/[eE].*$/, '').replace(/^-?0*\.?0*/, '').replace('.', '').length > KEPT
}

/** A figure in JSON; inside of a text the quotation marks would have a stroke before them. */
const FIGURE = /(?<!\\)"(value|min|max)":\s*(-?\d[\d.eE+-]*)(?=\s*[,}\]])/g

/** JSON as values; a figure with more digits than a number keeps becomes text, digit for digit. */
export function parse(text: string): unknown {
  // Hardly any answer has so long a figure, and looking for digits is quick.
  const whole = /[\d.]{16}/.test(text) ? text.replaceAll(FIGURE, (all, key: string, digits: string) => (isLong(digits) ? `"${key}":"${digits}"` : all)) : text
  return JSON.parse(whole)
}

/** Values as JSON; a figure that is text since it has so many digits is a number again. */
export function encode(value: unknown): string {
  return JSON.stringify(value, marked).replaceAll(/"\\u0001(-?[\d.eE+-]+)"/g, '$1')
}

function marked(key: string, value: unknown): unknown {
  return typeof value === 'string' && FIGURES.has(key) && isLong(value) ? MARK + value : value
}
