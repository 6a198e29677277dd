// @ts-check
// What people say about a version: pins on the picture and, in the drawer, the threads as a list to work through.
import { html, signal, useEffect, useLayoutEffect, useRef, useState } from '../vendor/ui.js'
import { clock, moved, piecesOf, placeAt, readComments, threads, W } from '../lib/comments.js'
import { call } from '../lib/http.js'
import { shortcuts } from '../lib/keys.js'
import { change, route } from '../lib/router.js'
import { may, me } from '../lib/session.js'
import { KEYS, moment, T, when } from '../lib/text.js'
import { Button, Icon, Menu, Trouble } from './basics.js'
import { Composer } from './composer.js'
import { say, sayFailed } from './toast.js'

/** @typedef {import('../lib/comments.js').Thread} Thread */
/** @typedef {import('../lib/comments.js').Comment} Comment */
/** @typedef {import('../lib/comments.js').Anchor} Anchor */

const REFRESH_MS = 20_000, PRESS_PX = 5, STEP = 0.01
const found = signal(/** @type {Thread[] | null} */ (null)), problem = signal(/** @type {Error | null} */ (null))
/** The thread that is looked at, by the id of its first comment. */
const active = signal('')
/** Where the next comment is going to be. */
const draft = signal(/** @type {Anchor | null} */ (null))
const isTodo = signal(false)
const listed = () => (found.value ?? []).filter((one) => !isTodo.value || one.isOpen)

/** Read the threads of a version; whoever came late to another version says nothing. @param {string} asset @param {number} version */
async function load(asset, version) {
  const here = `${asset} ${version}`
  reading = here
  try { const items = await readComments(asset, version); if (reading === here) { found.value = threads(items); problem.value = null } } catch (refused) { if (reading === here && !found.value) problem.value = /** @type {Error} */ (refused) }
}
let reading = ''

/** The pins of a version; a press on the picture sets one, a drag of the mouse a box. Lies on the picture, as large as it is.
 * @param {{mayWrite: boolean}} given */
export function Pins({ mayWrite }) {
  const layer = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => {
    const pane = /** @type {HTMLElement | null} */ (layer.current?.closest('.pane') ?? null)
    if (!pane || !mayWrite) return undefined
    /** @type {{x: number, y: number, px: number, py: number, isBox: boolean} | null} */
    let pressed = null
    const at = (/** @type {PointerEvent} */ event) => { const box = /** @type {HTMLElement} */ (layer.current).getBoundingClientRect(); return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height } }
    const down = (/** @type {PointerEvent} */ event) => {
      if (!event.isPrimary || event.button > 0 || /** @type {Element} */ (event.target).closest('button')) { pressed = null; return }
      const place = at(event), isFitted = pane.clientWidth + 1 >= (layer.current?.clientWidth ?? 0) && pane.clientHeight + 1 >= (layer.current?.clientHeight ?? 0)
      if (place.x < 0 || place.x > 1 || place.y < 0 || place.y > 1) return
      pressed = { ...place, px: event.clientX, py: event.clientY, isBox: event.shiftKey || (isFitted && event.pointerType !== 'touch') }
      if (event.shiftKey) { event.stopImmediatePropagation(); pane.setPointerCapture(event.pointerId) }
    }
    const isMoved = (/** @type {PointerEvent} */ event) => pressed && Math.hypot(event.clientX - pressed.px, event.clientY - pressed.py) > PRESS_PX
    const move = (/** @type {PointerEvent} */ event) => {
      if (!pressed || !isMoved(event)) return
      const to = at(event)
      if (pressed.isBox) draft.value = placeAt(pressed.x, pressed.y, to.x, to.y)
      else pressed = null
    }
    const up = (/** @type {PointerEvent} */ event) => {
      if (!pressed) return
      if (!isMoved(event)) draft.value = placeAt(pressed.x, pressed.y)
      pressed = null
      active.value = ''
      document.getElementById('say')?.focus({ preventScroll: true })
    }
    const twice = () => { draft.value = null }
    const watched = /** @type {Array<[string, any]>} */ ([['pointerdown', down], ['pointermove', move], ['pointerup', up], ['pointercancel', () => { pressed = null }], ['dblclick', twice]])
    for (const [name, act] of watched) pane.addEventListener(name, act, true)
    return () => { for (const [name, act] of watched) pane.removeEventListener(name, act, true) }
  }, [mayWrite])
  const key = (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key]
    if (way && draft.value) draft.value = moved(draft.value, way[0], way[1], event.shiftKey)
    else if (event.key === 'Enter') document.getElementById('say')?.focus()
    else if (event.key === 'Escape') { draft.value = null; /** @type {HTMLElement | null | undefined} */ (layer.current?.closest('.pane'))?.focus() }
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return html`<div class=${`pins ${mayWrite ? 'write' : ''}`} ref=${layer}>${listed().map((one) => one.first.anchor?.x !== undefined && html`<${Pin} key=${one.first.id} anchor=${one.first.anchor} cls=${`${one.isOpen ? '' : 'done'} ${active.value === one.first.id ? 'act' : ''}`} label=${W.pin(one.number, one.isOpen, plain(one.first))} act=${() => show(one)}>${one.number}<//>`)}
    ${draft.value && html`<${Pin} id="draft" anchor=${draft.value} cls="act" label=${W.draft} act=${() => document.getElementById('say')?.focus()} onKey=${key}><${Icon} name="plus" /><//>`}</div>`
}

/** @param {Comment} one */
const plain = (one) => piecesOf(one.body ?? W.gone, one.mentions).map((piece) => piece.text).join('')

/** A pin whose tip is its place, with the box it stands for; near an edge it lies to the other side.
 * @param {{anchor: Anchor, cls: string, label: string, act: () => void, onKey?: (event: KeyboardEvent) => void, id?: string, children?: any}} given */
function Pin({ anchor: { x = 0, y = 0, w = 0, h = 0 }, cls, label, act, onKey, id, children }) {
  const side = `${y < 0.08 ? 'low' : ''} ${x > 0.92 ? 'near' : ''}`
  return html`${w > 0 && html`<span class=${`boxed ${cls}`} style=${`left:${x * 100}%;top:${y * 100}%;width:${w * 100}%;height:${h * 100}%`}></span>`}<button type="button" id=${id} class=${`pin ${cls} ${side}`} style=${`left:${x * 100}%;top:${y * 100}%`} aria-label=${label} title=${label} onClick=${act} onKeyDown=${onKey}>${children}</button>`
}

/** Look at a thread: its pin has a ring, its words are in sight. @param {Thread} one */
function show(one) {
  active.value = one.first.id
  if (isTodo.value && !one.isOpen) isTodo.value = false
  requestAnimationFrame(() => document.getElementById(`c-${one.first.id}`)?.scrollIntoView({ block: 'nearest' }))
}

/** The conversation of the version that is shown. @param {{asset: any, version: number, mayWrite: boolean}} given */
export function Comments({ asset, version, mayWrite }) {
  const id = asset.id, linked = route.value.query.comment, again = () => load(id, version)
  useEffect(() => {
    found.value = null; problem.value = null; draft.value = null; active.value = ''
    again()
    const timer = setInterval(() => { if (document.visibilityState === 'visible') again() }, REFRESH_MS)
    return () => { clearInterval(timer); reading = ''; found.value = null; draft.value = null }
  }, [id, version])
  const isThere = found.value !== null
  useEffect(() => { const one = found.value?.find((each) => each.first.id === linked || each.answers.some((answer) => answer.id === linked)); if (one) show(one) }, [isThere, linked])
  useLayoutEffect(() => (mayWrite ? shortcuts([{ keys: 'c', does: W.comment, where: KEYS.places.picture, act: () => { draft.value ??= { kind: 'point', x: 0.5, y: 0.5 }; requestAnimationFrame(() => document.getElementById('draft')?.focus()) } }]) : undefined), [mayWrite])
  const send = async (/** @type {string} */ body) => {
    const made = await call('POST', `/v1/assets/${id}/comments`, { body: { version, body, ...(draft.value ? { anchor: draft.value } : {}) } })
    draft.value = null
    await again()
    active.value = made.id
  }
  const all = found.value ?? [], open = all.filter((one) => one.isOpen).length, shown = listed()
  return html`<section class="sec talk" aria-label=${W.title}><h2>${W.title} <span class="dimmer num">${isThere && all.length}</span><span class="grow"></span>${all.length > 0 && html`<span class="bar"><${Button} kind="small" pressed=${isTodo.value} act=${() => { isTodo.value = true }}>${W.todo} ${open}<//><${Button} kind="small" pressed=${!isTodo.value} act=${() => { isTodo.value = false }}>${W.all}<//></span>`}</h2>
      ${problem.value ? html`<${Trouble} problem=${problem.value} again=${again} />` : !isThere ? html`<p class="dim mid" role="status">${W.loading}</p>` : !shown.length ? html`<p class="dim mid">${all.length ? W.noneOpen : W.none}${!all.length && mayWrite && `. ${W.noneHint}`}</p>` : ''}
      <ol class="notes">${shown.map((one) => html`<${Note} key=${one.first.id} thread=${one} asset=${id} version=${version} mayWrite=${mayWrite} again=${again} />`)}</ol></section>
    ${mayWrite ? html`<div class="say"><${Composer} key=${id} id="say" asset=${id} label=${W.write(version)} send=${send}>${draft.value && html`<p class="flow small"><span class="no on"><${Icon} name="plus" /></span><span class="grow">${W.at}</span><button type="button" class="link" onClick=${() => { draft.value = null }}>${W.drop}</button></p>`}<//></div>`
      : asset.state === 'live' && version < asset.newest_version && html`<div class="say"><p class="flow mid dim"><span class="grow">${W.older(asset.newest_version)}</span><button type="button" class="link" onClick=${() => change({ v: String(asset.newest_version) }, { replace: true })}>${W.show(asset.newest_version)}</button></p></div>`}`
}

/** @param {{thread: Thread, asset: string, version: number, mayWrite: boolean, again: () => Promise<void>}} given */
function Note({ thread, asset, version, mayWrite, again }) {
  const [isAnswering, setAnswering] = useState(false), { first, answers, isOpen, number } = thread
  const does = async (/** @type {() => Promise<any>} */ act, text = '', /** @type {(() => void) | undefined} */ undo = undefined) => { try { await act(); if (text) say({ text, undo }) } catch (refused) { sayFailed(refused) } await again() }
  const reopen = () => does(() => call('POST', `/v1/comments/${first.id}/reopen`))
  const resolve = () => does(() => call('POST', `/v1/comments/${first.id}/resolve`, { body: { version } }), W.done(number), reopen)
  const answer = async (/** @type {string} */ body) => { await call('POST', `/v1/assets/${asset}/comments`, { body: { version, body, parent_id: first.id } }); setAnswering(false); await again() }
  return html`<li class=${`note ${active.value === first.id ? 'on' : ''} ${isOpen ? '' : 'done'}`} id=${`c-${first.id}`}><button type="button" class=${`no ${isOpen ? 'on' : ''}`} aria-label=${W.pin(number, isOpen, plain(first))} aria-pressed=${active.value === first.id} onClick=${() => { active.value = active.value === first.id ? '' : first.id }}>${number}</button>
    <div class="stack"><${Words} one=${first} asset=${asset} mayWrite=${mayWrite} again=${again} />${answers.map((one) => html`<div class="answer" key=${one.id}><${Words} one=${one} asset=${asset} mayWrite=${mayWrite} again=${again} /></div>`)}
    ${first.resolved && html`<p class="small dim" title=${moment(first.resolved.at)}>${W.resolved(first.resolved.by_name ?? W.somebody, first.resolved.version)}</p>`}
    ${isAnswering ? html`<${Composer} id=${`a-${first.id}`} asset=${asset} label=${W.answer} auto send=${answer} cancel=${() => setAnswering(false)} />` : mayWrite && html`<p class="flow small">${!first.deleted && html`<button type="button" class="link" onClick=${() => setAnswering(true)}>${W.answer}</button>`}${isOpen ? html`<button type="button" class="link" onClick=${resolve}>${W.resolve}</button>` : first.resolved && html`<button type="button" class="link" onClick=${reopen}>${W.reopen}</button>`}</p>`}</div></li>`
}

/** What one person said, and for them the way to change it. @param {{one: Comment, asset: string, mayWrite: boolean, again: () => Promise<void>}} given */
function Words({ one, asset, mayWrite, again }) {
  const [isEditing, setEditing] = useState(false)
  const isOwn = one.by === me.value?.principal.id
  const edit = async (/** @type {string} */ body) => { await call('PATCH', `/v1/comments/${one.id}`, { body: { body }, etag: one.etag }); setEditing(false); await again() }
  const remove = async () => { try { await call('DELETE', `/v1/comments/${one.id}`); say({ text: W.removed }) } catch (refused) { sayFailed(refused) } await again() }
  const items = [...(isOwn ? [{ word: W.edit, icon: 'gear', do: () => setEditing(true) }] : []), ...(isOwn || may('manage') ? [{ word: W.remove, icon: 'trash', kind: 'bad', do: () => { remove() } }] : [])]
  const at = one.anchor?.time_s !== undefined ? clock(one.anchor.time_s) : one.anchor?.page !== undefined ? W.page(one.anchor.page) : ''
  return html`<div class="flow said"><b class="strong cut">${one.by_name ?? W.somebody}</b><span class="small dimmer cut" title=${moment(one.at)}>${[when(one.at), one.carried && W.carried(one.version), at, one.edited_at && W.edited].filter(Boolean).join(', ')}</span><span class="grow"></span>${mayWrite && !one.deleted && items.length > 0 && html`<${Menu} id=${`m-${one.id}`} kind="bare small" label=${`${T.manage.acts}: ${plain(one)}`} items=${items} />`}</div>
    ${isEditing ? html`<${Composer} id=${`e-${one.id}`} asset=${asset} label=${W.label} word=${T.acts.save} body=${one.body ?? ''} people=${one.mentions} auto send=${edit} cancel=${() => setEditing(false)} />` : html`<p class=${`wordy ${one.deleted ? 'dimmer' : ''}`}>${one.body === null ? W.gone : piecesOf(one.body, one.mentions).map((piece) => (piece.isName ? html`<b class="strong">${piece.text}</b>` : piece.text))}</p>`}`
}
