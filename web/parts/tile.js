// @ts-check
// One picture in the grid, or one line of the list: thumbhash first, then the thumbnail; SKU and state in the caption.
import { html, useEffect, useRef } from '../vendor/ui.js'
import { placeholder } from '../lib/placeholder.js'
import { moment, number, T } from '../lib/text.js'
import { APPROVAL, ApprovalGlyph, Icon } from './basics.js'

const HOLD_MS = 500

/** @typedef {{at: number, total: number, item: any, box: import('../lib/justify.js').Box, offset: number, isFast: boolean, isChosen: boolean, isHere: boolean,
 *   isFar: boolean, press: (event: MouseEvent, at: number) => void, hold: (at: number) => void, hint?: (item: any) => any}} TileGiven */

/** What a tile is called: its SKU if it has one, else title or file name. @param {any} item */
export const nameOf = (item) => item.sku ?? item.title ?? item.name

/** What the sign of approval takes of a caption, how wide a letter is, and how many letters the dots are. */
const BESIDE_PX = 20, LETTER_PX = 7.2, DOTS = 2
/** What stands below a tile: a SKU that is too long for it loses its middle, for SKUs differ at their end. @param {any} item @param {number} width */
export function caption(item, width) {
  const name = nameOf(item), room = Math.max(6, Math.floor((width - BESIDE_PX) / LETTER_PX)), kept = room - DOTS
  return item.sku && name.length > room ? `${name.slice(0, Math.ceil(kept / 2))}…${name.slice(-Math.floor(kept / 2))}` : name
}

/** What the list says below the name, unless it is the name. @param {any} item */
const second = (item) => [item.title, item.name].find((text) => text && text !== nameOf(item))

/** @param {any} item */
const spoken = (item) => [nameOf(item), (APPROVAL[item.approval] ?? APPROVAL.none).word, seen(item)].filter(Boolean).join(', ')

/** Through which visual words a search found it, if any. @param {any} item */
const seen = (item) => (item.seen?.length ? T.library.seen(item.seen) : '')

/** The finger that is down: a timer until it has been there for long, then 0. */
let finger = 0
const lift = () => { clearTimeout(finger); finger = -1 }

/** A long press selects, as a click with Ctrl does, and is no click then. @param {(at: number) => void} hold @param {number} at */
const longPress = (hold, at) => ({
  onTouchStart: () => { lift(); finger = setTimeout(() => { finger = 0; hold(at) }, HOLD_MS) }, onTouchMove: lift,
  onTouchEnd: (/** @type {TouchEvent} */ event) => { if (finger === 0) event.preventDefault(); lift() },
  onContextMenu: (/** @type {Event} */ event) => { if (matchMedia('(pointer: coarse)').matches) event.preventDefault() },
})

/** `isHeld`: its file is not asked for now, and no longer waited for; what has come stays. @param {{item: any, isHeld: boolean}} given */
export function Picture({ item, isHeld }) {
  const image = useRef(/** @type {HTMLImageElement | null} */ (null)), there = useRef('')
  useEffect(() => { const one = image.current; return () => { if (one && !one.complete) one.removeAttribute('src') } }, [])
  const back = item.thumbhash ? `background:center/100% 100% no-repeat url(${placeholder(item.thumbhash)})` : undefined
  return html`<span class="pic" style=${back}>${item.thumb_url
    ? html`<img ref=${image} src=${isHeld && there.current !== item.thumb_url ? undefined : item.thumb_url} alt="" decoding="async" draggable=${false} onLoad=${(/** @type {any} */ event) => { there.current = item.thumb_url; event.target.parentNode.style.background = 'none' }} />`
    : html`<${Icon} name=${item.type === 'video' ? 'film' : item.type === 'document' ? 'doc' : 'image'} cls="nopic" />`}</span>`
}

/** @param {TileGiven} given */
export function Tile({ at, item, total, box, offset, isFast, isFar, isChosen, isHere, press, hold, hint }) {
  const place = `width:${box.w}px;height:${box.h}px;transform:translate(${box.x}px,${box.y + offset}px)`
  if (!item) return html`<div class="tile" role="option" aria-selected=${isChosen} aria-label=${T.library.loading} id=${`t${at}`} style=${place}><span class="pic"></span></div>`
  return html`<div class=${`tile ${isChosen ? 'sel' : ''} ${isHere ? 'here' : ''} ${item.state === 'live' ? '' : 'away'}`} role="option" id=${`t${at}`} aria-selected=${isChosen}
    aria-label=${spoken(item)} aria-posinset=${at + 1} aria-setsize=${total} style=${place} onClick=${(/** @type {MouseEvent} */ event) => press(event, at)} ...${longPress(hold, at)}
    draggable="true" data-id=${item.id}>
    <span class=${`tick ${isChosen ? 'on' : ''}`}></span>
    <${Picture} item=${item} isHeld=${isFast || isFar} />
    <span class="cap"><${ApprovalGlyph} state=${item.approval} /><span class="cut" title=${item.name}>${caption(item, box.w)}</span>${seen(item) && html`<span class="x cut" title=${seen(item)}>${seen(item)}</span>`}${hint && html`<span class="x">${hint(item)}</span>`}</span></div>`
}

/** @param {TileGiven} given */
export function ListLine({ at, item, total, box, offset, isFast, isFar, isChosen, isHere, press, hold }) {
  const place = `width:${box.w}px;height:${box.h}px;transform:translate(${box.x}px,${box.y + offset}px)`
  if (!item) return html`<div class="line-row" role="option" aria-selected=${isChosen} aria-label=${T.library.loading} id=${`t${at}`} style=${place}></div>`
  return html`<div class=${`line-row ${isChosen ? 'sel' : ''} ${isHere ? 'here' : ''}`} role="option" id=${`t${at}`} aria-selected=${isChosen} aria-posinset=${at + 1} aria-setsize=${total}
    aria-label=${spoken(item)} style=${place} onClick=${(/** @type {MouseEvent} */ event) => press(event, at)} ...${longPress(hold, at)} draggable="true" data-id=${item.id}>
    <span class=${`tick ${isChosen ? 'on' : ''}`}></span><${Picture} item=${item} isHeld=${isFast || isFar} />
    <span class="stack tight"><b class="cut strong" title=${item.name}>${nameOf(item)}</b>${(second(item) || seen(item)) && html`<span class="cut dim small">${[second(item), seen(item)].filter(Boolean).join(' · ')}</span>`}</span>
    <span class="flow hide-s"><${ApprovalGlyph} state=${item.approval} /></span>
    <span class="num dim hide-s">${item.width_px ? `${number(item.width_px)} × ${number(item.height_px)}` : item.type}</span>
    <span class="dim hide-s" title=${moment(item.created_at)}>${item.newest_version ? `v${item.newest_version}` : ''}</span></div>`
}
