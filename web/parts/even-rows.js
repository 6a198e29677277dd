// @ts-check
// A list of any length of which only the rows near the screen exist. Rows are taken to be as tall as the first one.
import { html, useLayoutEffect, useRef, useState } from '../vendor/ui.js'

const GUESS_PX = 57, BESIDE = 8

/**
 * @param {{many: number, row: (at: number, place: {'aria-posinset': number, 'aria-setsize': number}) => any}} given
 *   `row`: draws the `li` at a place, with a key and with what tells its place to those who cannot see the others
 */
export function EvenRows({ many, row }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null))
  const tall = useRef(0)
  const [near, setNear] = useState({ first: 0, last: BESIDE })
  const look = () => {
    const box = list.current?.getBoundingClientRect()
    if (!box) return
    tall.current ||= list.current?.querySelector('li')?.offsetHeight ?? 0
    const each = tall.current || GUESS_PX
    const first = Math.max(0, Math.floor(-box.top / each) - BESIDE), last = Math.max(BESIDE, Math.ceil((innerHeight - box.top) / each) + BESIDE)
    setNear((known) => (known.first === first && known.last === last ? known : { first, last }))
  }
  useLayoutEffect(look)
  useLayoutEffect(() => {
    let frame = 0
    const later = () => { frame ||= requestAnimationFrame(() => { frame = 0; look() }) }
    const anew = () => { tall.current = 0; later() }
    document.addEventListener('scroll', later, { capture: true, passive: true })
    addEventListener('resize', anew)
    return () => { document.removeEventListener('scroll', later, true); removeEventListener('resize', anew); cancelAnimationFrame(frame) }
  }, [])
  const first = Math.min(near.first, Math.max(0, many - 1 - BESIDE)), last = Math.min(near.last, many - 1), each = tall.current || GUESS_PX
  const rows = []
  for (let at = first; at <= last; at += 1) rows.push(row(at, { 'aria-posinset': at + 1, 'aria-setsize': many }))
  return html`<ul ref=${list} style=${`padding-block:${first * each}px ${(many - 1 - last) * each}px`}>${rows}</ul>`
}
