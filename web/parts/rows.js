// @ts-check
// Very many rows of any height: only those near the screen exist, in blocks; where others are, as much room stays as they had.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/ui.js'

const BLOCK = 10, NEAR_PX = 500

/**
 * @param {{total: number, row: (at: number) => any, need: (to: number) => void, height: number}} given `row` gives nothing
 * of what is not read yet; `need` is told up to where rows are wanted; `height`: of a row, as long as none was seen
 */
export function Rows({ total, row, need, height }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null)), tall = useRef(/** @type {Map<number, number>} */ (new Map()))
  const [near, setNear] = useState(/** @type {ReadonlySet<number>} */ (new Set([0]))), blocks = Math.ceil(total / BLOCK)
  const most = Math.max(0, ...near), isBegun = total > 0 && Boolean(row(0)), [each, setEach] = useState(height)
  useLayoutEffect(() => { const first = /** @type {HTMLElement | undefined} */ (box.current?.children[0]); if (isBegun && first) setEach(first.offsetHeight / Math.min(BLOCK, total)) }, [isBegun])
  useLayoutEffect(() => {
    const watch = new IntersectionObserver((seen) => setNear((now) => {
      const next = new Set(now)
      for (const { target, isIntersecting, boundingClientRect } of seen) {
        const at = Number(/** @type {HTMLElement} */ (target).dataset.block)
        if (isIntersecting) next.add(at)
        else if (next.has(at) && !target.contains(document.activeElement)) { tall.current.set(at, boundingClientRect.height); next.delete(at) }
      }
      return next
    }), { root: box.current?.closest('.room'), rootMargin: `${NEAR_PX}px 0px` })
    for (const one of box.current?.children ?? []) watch.observe(one)
    return () => watch.disconnect()
  }, [blocks])
  useEffect(() => { need(Math.min(total, (most + 1) * BLOCK)) }, [most, total])
  return html`<div role="list" ref=${box}>${Array.from({ length: blocks }, (_, block) => {
    const many = Math.min(BLOCK, total - block * BLOCK), rows = near.has(block) ? Array.from({ length: many }, (_, place) => row(block * BLOCK + place)) : []
    const isThere = rows.length > 0 && rows.every(Boolean)
    return html`<div key=${block} data-block=${block} role="presentation" style=${isThere ? undefined : `height:${tall.current.get(block) ?? many * each}px`}>${isThere && rows}</div>`
  })}</div>`
}
