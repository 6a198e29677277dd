// @ts-check
// A big picture to look into: zoom to the pointer, pan, fit; by mouse, touch and keys. Marks lie on the picture in 0..1.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { Button } from './basics.js'

const SAYS = { role: 'picture', keys: 'plus and minus zoom, 0 fits, arrows move', in: 'Zoom in', out: 'Zoom out', fit: 'Fit to the window' }

/** @typedef {{zoom: number, x: number, y: number}} View `zoom` 1 fits the stage; x and y are CSS pixels */
const FITTED = { zoom: 1, x: 0, y: 0 }
const DEEPEST = 16
const PAN_PX = 60

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.min(high, Math.max(low, value))

/**
 * @param {{src: string | undefined, placeholder?: string, width: number, height: number, alt: string, marks?: any, view?: View, setView?: (view: View) => void, label: string, wipe?: {src: string | undefined, alt: string, part: number}}} given
 * `wipe`: another picture in the same place, shown to the right of this part of the stage's width, 0..1
 */
export function Viewer({ src, placeholder, width, height, alt, marks, view, setView, label, wipe }) {
  const stage = useRef(/** @type {HTMLElement | null} */ (null))
  const [own, setOwn] = useState(/** @type {View} */ (FITTED))
  const [room, setRoom] = useState({ w: 1, h: 1 })
  const shown = view ?? own, show = setView ?? setOwn
  const live = useRef(shown)
  live.current = shown
  const fingers = useRef(/** @type {Map<number, [number, number]>} */ (new Map()))
  const scale = Math.min(room.w / width, room.h / height)
  const put = (/** @type {View} */ next) => { live.current = next; show(next) }
  const zoomBy = (/** @type {number} */ factor, x = room.w / 2, y = room.h / 2) => {
    const old = live.current, zoom = within(old.zoom * factor, 1, DEEPEST), grown = zoom / old.zoom
    put(zoom === 1 ? FITTED : { zoom, x: x - (x - old.x) * grown, y: y - (y - old.y) * grown })
  }
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const watch = new ResizeObserver(() => setRoom({ w: element.clientWidth, h: element.clientHeight }))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  useEffect(() => { put(FITTED) }, [src?.split('?')[0].split('/').slice(-2).join('/')])
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const wheel = (/** @type {WheelEvent} */ event) => {
      event.preventDefault()
      const edge = element.getBoundingClientRect()
      zoomBy(Math.exp(-event.deltaY / 300), event.clientX - edge.left, event.clientY - edge.top)
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [room.w, room.h])
  const down = (/** @type {PointerEvent} */ event) => {
    if (/** @type {Element} */ (event.target).closest('button')) return
    fingers.current.set(event.pointerId, [event.clientX, event.clientY])
    stage.current?.setPointerCapture(event.pointerId)
  }
  const move = (/** @type {PointerEvent} */ event) => {
    const before = fingers.current.get(event.pointerId)
    if (!before || !stage.current) return
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    if (other) {
      const edge = stage.current.getBoundingClientRect()
      const apart = (/** @type {number} */ x, /** @type {number} */ y) => Math.hypot(x - other[0], y - other[1])
      zoomBy(apart(event.clientX, event.clientY) / Math.max(1, apart(...before)), (before[0] + other[0]) / 2 - edge.left, (before[1] + other[1]) / 2 - edge.top)
    } else if (live.current.zoom > 1) put({ ...live.current, x: live.current.x + event.clientX - before[0], y: live.current.y + event.clientY - before[1] })
    fingers.current.set(event.pointerId, [event.clientX, event.clientY])
  }
  const up = (/** @type {PointerEvent} */ event) => { fingers.current.delete(event.pointerId) }
  const key = (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key]
    if (event.key === '+' || event.key === '=') zoomBy(1.5)
    else if (event.key === '-') zoomBy(1 / 1.5)
    else if (event.key === '0') put(FITTED)
    else if (way && shown.zoom > 1) put({ ...shown, x: shown.x + way[0] * PAN_PX, y: shown.y + way[1] * PAN_PX })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const w = width * scale * shown.zoom, h = height * scale * shown.zoom
  const left = shown.x + ((room.w - width * scale) / 2) * shown.zoom, top = shown.y + ((room.h - height * scale) / 2) * shown.zoom
  const edge = wipe ? Math.min(w, Math.max(0, wipe.part * room.w - left)) : w
  const frame = `width:${w}px;height:${h}px;transform:translate(${left}px,${top}px)`
  return html`<div class="stage"><div class="pane" ref=${stage} tabindex="0" role="group" aria-roledescription=${SAYS.role} aria-label=${`${label}. ${SAYS.keys}`}
    onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${up} onKeyDown=${key} onDblClick=${() => (shown.zoom > 1 ? put(FITTED) : zoomBy(3))}>
    <div class="sheet" style=${`${frame}${placeholder ? `;background:center/100% 100% url(${placeholder})` : ''}`}>${src && html`<img src=${src} alt=${alt} draggable=${false} style=${wipe ? `clip-path:inset(0 ${w - edge}px 0 0)` : undefined} />`}${wipe?.src && html`<img class="over" src=${wipe.src} alt=${wipe.alt} draggable=${false} style=${`clip-path:inset(0 0 0 ${edge}px)`} />`}${marks}</div>
    ${wipe && html`<i class="edge" style=${`left:${wipe.part * 100}%`}></i>`}</div>
    <div class="bar tools"><${Button} icon="minus" label=${SAYS.out} act=${() => zoomBy(1 / 1.5)} /><span class="btn num" role="status">${Math.round(scale * shown.zoom * 100)}%</span>
    <${Button} icon="plus" label=${SAYS.in} act=${() => zoomBy(1.5)} /><${Button} icon="fit" label=${SAYS.fit} act=${() => put(FITTED)} /></div></div>`
}
