import { mount, tick, unmount } from 'svelte'
import type { Placed } from '../layout/layout'
import Picture, { type Caption } from './Picture.svelte'

/** The whole drawing, whatever part of it the window shows, as a picture that needs nothing from the page. */
export async function picture(placed: Placed, caption: Caption): Promise<SVGSVGElement> {
  const aside = document.createElement('div')
  // Through the object and not as an attribute, which the page's own policy refuses.
  Object.assign(aside.style, { position: 'fixed', left: '-100000px', top: '0' })
  aside.setAttribute('aria-hidden', 'true')
  document.body.append(aside)
  const made = mount(Picture, { target: aside, props: { placed, caption } })
  try {
    await tick()
    const drawing = aside.querySelector('svg') as SVGSVGElement
    return alone(drawing)
  } finally {
    void unmount(made)
    aside.remove()
  }
}

/** So many pixels can a canvas of every browser hold. */
const MOST = 60_000_000

export async function pngOf(drawing: SVGSVGElement): Promise<Blob> {
  const width = Number(drawing.getAttribute('width'))
  const height = Number(drawing.getAttribute('height'))
  const image = new Image()
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(drawing)], { type: 'image/svg+xml' }))
  try {
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    // Twice the size of the screen, so that the words stay sharp on paper, as far as a canvas holds it.
    const scale = Math.min(2, Math.sqrt(MOST / (width * height)), 16_000 / width, 16_000 / height)
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
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

const LOOKS = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-weight', 'font-family', 'display', 'text-decoration-line'] as const
const SAME: Record<string, string> = { opacity: '1', display: 'inline', 'stroke-dasharray': 'none', 'text-decoration-line': 'none' }

/** The style sheet does not travel along, so each shape takes its look with it as attributes. */
function alone(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const copies = copy.querySelectorAll('*')
  for (const [at, one] of drawing.querySelectorAll('*').entries()) {
    const shape = copies[at]
    if (!shape || ['title', 'defs', 'marker'].includes(one.tagName)) continue
    const style = getComputedStyle(one)
    for (const name of LOOKS) {
      const value = style.getPropertyValue(name)
      if (value && value !== SAME[name]) shape.setAttribute(name, value)
    }
  }
  for (const one of copy.querySelectorAll('.ring, .touch, .fold title')) one.remove()
  for (const one of [copy, ...copies]) {
    for (const name of ['class', 'role', 'tabindex', 'aria-pressed', 'aria-hidden', 'aria-label', 'data-id', 'data-fold']) one.removeAttribute(name)
  }
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(drawing).backgroundColor)
  copy.prepend(ground)
  return copy
}
