// @ts-check
// One picture in the grid, or one line of the list: thumbhash first, then the thumbnail; SKU and state in the caption.
import { html, thumbHashToDataURL } from '../vendor/ui.js'
import { moment, number } from '../lib/text.js'
import { ApprovalGlyph, Icon } from './basics.js'

/** @type {Map<string, string>} */
const drawn = new Map()
const KEPT = 800
const HOLD_MS = 500

/** A thumbhash as a picture, drawn once. @param {string} hash */
function placeholder(hash) {
  let found = drawn.get(hash)
  if (!found) {
    found = thumbHashToDataURL(Uint8Array.from(atob(hash), (sign) => sign.charCodeAt(0)))
    drawn.set(hash, found)
    const oldest = drawn.keys().next().value
    if (drawn.size > KEPT && oldest) drawn.delete(oldest)
  }
  return found
}

/** @typedef {{at: number, item: any, box: import('../lib/justify.js').Box, offset: number, isFast: boolean, isChosen: boolean, isHere: boolean,
 *   press: (event: MouseEvent, at: number) => void, hold: (at: number) => void, hint?: (item: any) => any}} TileGiven */

/** What a tile is called: its SKU if it has one, else title or file name. @param {any} item */
export const nameOf = (item) => item.sku ?? item.title ?? item.name

/** A long press selects, as a click with Ctrl does. @param {(at: number) => void} hold @param {number} at */
function longPress(hold, at) {
  let timer = 0
  const stop = () => clearTimeout(timer)
  return {
    onTouchStart: () => { timer = setTimeout(() => hold(at), HOLD_MS) }, onTouchEnd: stop, onTouchMove: stop,
    onContextMenu: (/** @type {Event} */ event) => { if (matchMedia('(pointer: coarse)').matches) event.preventDefault() },
  }
}

/** @param {{item: any, isFast: boolean}} given */
export function Picture({ item, isFast }) {
  const back = item.thumbhash ? `background:center/100% 100% no-repeat url(${placeholder(item.thumbhash)})` : undefined
  return html`<span class="pic" style=${back}>${item.thumb_url
    ? html`<img src=${isFast ? undefined : item.thumb_url} alt="" decoding="async" draggable=${false} onLoad=${(/** @type {any} */ event) => { event.target.parentNode.style.background = 'none' }} />`
    : html`<${Icon} name=${item.type === 'video' ? 'film' : item.type === 'document' ? 'doc' : 'image'} cls="nopic" />`}</span>`
}

/** @param {TileGiven} given */
export function Tile({ at, item, box, offset, isFast, isChosen, isHere, press, hold, hint }) {
  const place = `width:${box.w}px;height:${box.h}px;transform:translate(${box.x}px,${box.y + offset}px)`
  if (!item) return html`<div class="tile" role="option" aria-selected=${isChosen} aria-label="Loading" id=${`t${at}`} style=${place}><span class="pic"></span></div>`
  return html`<div class=${`tile ${isChosen ? 'sel' : ''} ${isHere ? 'here' : ''} ${item.state === 'live' ? '' : 'away'}`} role="option" id=${`t${at}`} aria-selected=${isChosen}
    aria-label=${`${nameOf(item)}, ${item.approval ?? 'none'}`} aria-posinset=${at + 1} style=${place} onClick=${(/** @type {MouseEvent} */ event) => press(event, at)} ...${longPress(hold, at)}
    draggable="true" data-id=${item.id}>
    <span class=${`tick ${isChosen ? 'on' : ''}`}><${Icon} name="check" /></span>
    <${Picture} item=${item} isFast=${isFast} />
    <span class="cap"><${ApprovalGlyph} state=${item.approval} /><span class="cut" title=${item.name}>${nameOf(item)}</span>${hint && html`<span class="x">${hint(item)}</span>`}</span></div>`
}

/** @param {TileGiven} given */
export function ListLine({ at, item, box, offset, isFast, isChosen, isHere, press, hold }) {
  const place = `width:${box.w}px;height:${box.h}px;transform:translate(${box.x}px,${box.y + offset}px)`
  if (!item) return html`<div class="line-row" role="option" aria-selected=${isChosen} aria-label="Loading" id=${`t${at}`} style=${place}></div>`
  return html`<div class=${`line-row ${isChosen ? 'sel' : ''} ${isHere ? 'here' : ''}`} role="option" id=${`t${at}`} aria-selected=${isChosen} aria-posinset=${at + 1}
    aria-label=${nameOf(item)} style=${place} onClick=${(/** @type {MouseEvent} */ event) => press(event, at)} ...${longPress(hold, at)} draggable="true" data-id=${item.id}>
    <span class=${`tick ${isChosen ? 'on' : ''}`}><${Icon} name="check" /></span><${Picture} item=${item} isFast=${isFast} />
    <span class="stack tight"><b class="cut strong">${item.sku ?? item.name}</b><span class="cut dim small">${item.title ?? item.name}</span></span>
    <span class="flow hide-s"><${ApprovalGlyph} state=${item.approval} /></span>
    <span class="num dim hide-s">${item.width_px ? `${number(item.width_px)} × ${number(item.height_px)}` : item.type}</span>
    <span class="dim hide-s" title=${moment(item.created_at)}>${item.newest_version ? `v${item.newest_version}` : ''}</span></div>`
}
