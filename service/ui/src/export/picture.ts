/** The drawing as a file of its own: with the colours of the present theme and nothing from the page. */
export function svgOf(drawing: SVGSVGElement): Blob {
  return new Blob([serialised(drawing)], { type: 'image/svg+xml' })
}

export async function pngOf(drawing: SVGSVGElement): Promise<Blob> {
  const { width, height } = drawing.getBoundingClientRect()
  const image = new Image()
  const address = URL.createObjectURL(svgOf(drawing))
  try {
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    // Twice the size of the screen, so that the words stay sharp on paper.
    canvas.width = Math.round(width * 2)
    canvas.height = Math.round(height * 2)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture')))))
  } finally {
    URL.revokeObjectURL(address)
  }
}

export function download(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

function serialised(drawing: SVGSVGElement): string {
  const { width, height } = drawing.getBoundingClientRect()
  const copy = drawing.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`)
  inline(drawing, copy)
  for (const one of copy.querySelectorAll('.ring, .fold title')) one.remove()
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(drawing).backgroundColor)
  copy.prepend(ground)
  return new XMLSerializer().serializeToString(copy)
}

const LOOKS = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-weight', 'font-family', 'display', 'text-decoration-line'] as const
const SAME: Record<string, string> = { opacity: '1', display: 'inline', 'stroke-dasharray': 'none', 'text-decoration-line': 'none' }

/** The style sheet does not travel along, so each shape takes its look with it as attributes. */
function inline(from: Element, to: Element): void {
  const copies = to.querySelectorAll('*')
  for (const [at, one] of from.querySelectorAll('*').entries()) {
    const copy = copies[at]
    if (!copy || ['title', 'defs', 'marker'].includes(one.tagName)) continue
    const style = getComputedStyle(one)
    for (const name of LOOKS) {
      const value = style.getPropertyValue(name)
      if (value && value !== SAME[name]) copy.setAttribute(name, value)
    }
  }
  for (const copy of [to, ...copies]) {
    for (const name of ['class', 'role', 'tabindex', 'aria-pressed', 'aria-hidden', 'data-id', 'data-fold']) copy.removeAttribute(name)
  }
}
