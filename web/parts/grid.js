// @ts-check
// The grid and the list of pictures: only what is on screen exists, any place of the result can be reached, keys everywhere.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/ui.js'
import { CARRIED } from '../lib/carrying.js'
import { Layout } from '../lib/layout.js'
import { singleKeys } from '../lib/keys.js'
import { count as selectedCount, everything, holds, nothing, set } from '../lib/selection.js'
import { ListLine, Tile } from './tile.js'

/** Browsers stop at about 17 million pixels; above this the scroll bar is scaled. */
const TALLEST_PX = 8_000_000
const READABLE_PX_PER_MS = 8
/** A fling moves with each frame; one that has not moved for so long has come to rest, or was a jump. */
const SETTLE_MS = 50
/** So many pictures above and below the screen are fetched ahead. */
const AHEAD = 6
/** What lies above the first row. */
const TOP_PX = 6
/** On a phone rows are a little taller, so that about two pictures share one. */
const NARROW_PX = 480, NARROW_GROWS = 1.15

/**
 * @param {{data: import('../lib/windows.js').Windows, wanted: number, gap: number, line: number | null, caption: number,
 *   chosen: import('../lib/selection.js').Selection, choose: (chosen: import('../lib/selection.js').Selection) => void,
 *   isBack?: boolean, carry?: (ids: string) => void, place: number, setPlace: (place: number) => void, open: (place: number) => void, label: string, hint?: (item: any) => any}} given
 */
export function Grid({ data, wanted, gap, line, caption, chosen, choose, place, setPlace, open, label, hint, isBack = false, carry }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [view, setView] = useState({ top: 0, width: 0, height: 0, isFast: false })
  const anchor = useRef(place)
  const start = useRef(0)
  /** Walking up and down keeps to the column where it began. */
  const column = useRef({ place: -1, middle: 0 })
  const known = useRef(/** @type {unknown} */ (null))
  if (known.current !== data) { known.current = data; start.current = data.top; anchor.current = place }
  const last = useRef({ top: 0, at: 0 })
  data.changed.value
  const layout = useMemo(
    () => new Layout({ total: data.total, width: Math.max(1, view.width), wanted: view.width < NARROW_PX ? wanted * NARROW_GROWS : wanted, gap, caption, line }),
    [data, data.total, data.snapshot, view.width, wanted, gap, caption, line],
  )
  const drawn = useRef(layout)
  const measured = () => {
    const tall = Math.min(layout.height, TALLEST_PX)
    const scale = layout.height > tall ? (layout.height - view.height) / (tall - view.height) : 1
    return { tall, scale, y: view.top * scale }
  }
  let { tall, scale, y } = measured()

  // Windows that have come are laid out; what lies above the first visible row must not push it away.
  let moved = 0, isNew = false
  for (const [number, items] of view.width ? data.have : []) {
    const isAbove = layout.tops[number + 1] <= y
    const by = layout.learn(number, items)
    if (isAbove) moved += by
    isNew ||= by !== 0
  }
  if (isNew) ({ tall, scale, y } = measured())
  useLayoutEffect(() => { if (moved && box.current) box.current.scrollTop += moved / scale }, [moved])

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    let frame = 0, settle = 0
    const read = () => {
      frame = 0
      const now = performance.now(), top = element.scrollTop
      const isFast = (Math.abs(top - last.current.top) * scale) / Math.max(1, now - last.current.at) > READABLE_PX_PER_MS
      last.current = { top, at: now }
      clearTimeout(settle)
      if (isFast) settle = setTimeout(read, SETTLE_MS)
      element.style.setProperty('--gutter', `${element.offsetWidth - element.clientWidth}px`)
      data.top = top
      data.firstSeen = data.total ? drawn.current.within(top * scale, top * scale).first : 0
      setView({ top, width: element.clientWidth - padding(element), height: element.clientHeight, isFast })
    }
    const later = () => { frame ||= requestAnimationFrame(read) }
    const watch = new ResizeObserver(later)
    element.addEventListener('scroll', later, { passive: true })
    watch.observe(element)
    read()
    return () => { element.removeEventListener('scroll', later); watch.disconnect(); cancelAnimationFrame(frame); clearTimeout(settle) }
  }, [scale, data])

  const margin = line ?? wanted + caption
  const { first, last: end } = data.total ? layout.within(Math.max(0, y - margin), y + view.height + margin) : { first: 0, last: -1 }
  const seen = data.total ? layout.within(Math.max(0, y - TOP_PX) + caption + (line ? 0 : gap), y + view.height - TOP_PX) : { first: 0, last: -1 }
  useLayoutEffect(() => { if (view.width && !view.isFast && data.isReady && data.total) data.need(first, end) }, [first, end, view.isFast, data, data.isReady])

  const reveal = (/** @type {number} */ to) => {
    const element = box.current
    if (!element) return
    const at = layout.boxOf(to)
    if (at.y < y) element.scrollTop = at.y / scale
    else if (at.y + at.h + caption > y + view.height) element.scrollTop = (at.y + at.h + caption + gap - view.height) / scale
  }
  // Where a key has led is only guessed until its window has come: then it is brought into sight.
  const aim = useRef(-1)
  useLayoutEffect(() => {
    if (aim.current < 0) return
    reveal(aim.current)
    if (data.at(aim.current)) aim.current = -1
  }, [data.changed.value])
  // A new result begins where it was left; when rows change their height, what was at the top stays there.
  const before = useRef(/** @type {unknown} */ (null))
  const isMeasured = view.width > 0
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !isMeasured) return
    const top = before.current === data ? (data.top ? layout.boxOf(data.firstSeen).y / scale : 0) : start.current
    drawn.current = layout
    before.current = data
    if (Math.abs(element.scrollTop - top) > 1) element.scrollTop = top
  }, [layout, isMeasured])
  useEffect(() => { if (isBack && document.activeElement === document.body) box.current?.focus({ preventScroll: true }) }, [])
  const goto = (/** @type {number} */ to) => {
    const next = Math.max(0, Math.min(data.total - 1, to))
    setPlace(next)
    reveal(next)
    aim.current = data.at(next) ? -1 : next
    return next
  }
  const idAt = (/** @type {number} */ at) => data.at(at)?.id
  const range = async (/** @type {number} */ to) => {
    const low = Math.min(to, anchor.current), high = Math.max(to, anchor.current)
    if (low === 0 && high === data.total - 1) return choose(everything)
    const ids = []
    for (let at = low; at <= high && idAt(at); at += 1) ids.push(/** @type {string} */ (idAt(at)))
    choose(set(chosen, ids.length === high - low + 1 ? ids : await data.ids(low, high), true))
  }
  const toggle = (/** @type {number} */ at) => {
    const id = idAt(at)
    anchor.current = at
    if (id) choose(set(chosen, [id], !holds(chosen, id)))
  }
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.altKey || (event.key === 'x' && !singleKeys.value)) return
    const rows = Math.max(1, Math.floor(view.height / (line ?? wanted + caption + gap)))
    const steps = (/** @type {number} */ way, many = 1) => {
      const middle = column.current.place === place ? column.current.middle : layout.middleOf(place)
      let next = place
      for (let row = 0; row < many; row += 1) next = layout.beside(next, way, middle)
      column.current = { place: next, middle }
      return next
    }
    const to = {
      ArrowRight: () => place + 1, ArrowLeft: () => place - 1, ArrowDown: () => steps(1), ArrowUp: () => steps(-1),
      PageDown: () => steps(1, rows), PageUp: () => steps(-1, rows), Home: () => 0, End: () => data.total - 1,
    }[event.key]
    if (to && !(event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      const next = goto(to())
      if (event.shiftKey) range(next)
      else anchor.current = next
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'a') { event.preventDefault(); choose(everything) }
    else if (event.key === ' ' || event.key === 'x') { event.preventDefault(); toggle(place) }
    else if (event.key === 'Enter') { event.preventDefault(); open(place) }
    else if (event.key === 'Escape' && selectedCount(chosen, data.total)) { event.preventDefault(); event.stopPropagation(); choose(nothing) }
  }
  const press = (/** @type {MouseEvent} */ event, /** @type {number} */ at) => {
    setPlace(at)
    if (event.shiftKey) { event.preventDefault(); range(at) }
    else if (event.ctrlKey || event.metaKey || /** @type {Element} */ (event.target).closest('.tick')) { event.preventDefault(); toggle(at) }
    else { anchor.current = at; open(at) }
  }
  const drag = (/** @type {DragEvent} */ event) => {
    const id = /** @type {HTMLElement} */ (event.target).dataset?.id
    if (id && carry) { event.dataTransfer?.setData(CARRIED, id); carry(id) }
  }
  const tiles = []
  for (let at = first; at <= end && view.width; at += 1) {
    const shape = layout.boxOf(at), item = data.at(at)
    tiles.push(html`<${line ? ListLine : Tile} key=${item?.id ?? `w${at}`} at=${at} total=${data.total} item=${item} box=${shape} offset=${view.top - y} isFast=${view.isFast} isFar=${at < seen.first - AHEAD || at > seen.last + AHEAD}
      isChosen=${item ? holds(chosen, item.id) : chosen.all} isHere=${at === place} press=${press} hold=${toggle} hint=${hint} />`)
  }
  return html`<div class=${`gridwrap ${line ? 'as-list' : ''}`} ref=${box} tabindex="0" role="listbox" aria-label=${label} aria-multiselectable="true"
    aria-activedescendant=${place >= first && place <= end ? `t${place}` : undefined} onKeyDown=${key} onDragStart=${drag}>
    <div class="space" role="presentation" style=${`height:${tall}px`}>${tiles}</div></div>`
}

/** @param {HTMLElement} element */
const padding = (element) => { const style = getComputedStyle(element); return parseFloat(style.paddingLeft) + parseFloat(style.paddingRight) }
