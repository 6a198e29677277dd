// @ts-check
// The field that a comment is written in: `@` offers people, Enter sends, Shift with Enter begins a line; refused words stay.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { asBody, asText, naming, W } from '../lib/comments.js'
import { call } from '../lib/http.js'
import { T } from '../lib/text.js'
import { Button, Icon } from './basics.js'

/** @typedef {import('../lib/comments.js').Named} Named */

/**
 * `send` rejects when it will not do; `id` names the field. `cancel` ends it, where it is not always there.
 * @param {{id: string, asset: string, label: string, word?: string, body?: string, people?: Named[], auto?: boolean, send: (body: string) => Promise<unknown>, cancel?: () => void, children?: any}} given
 */
export function Composer({ id, asset, label, word = W.send, body = '', people = [], auto = false, send, cancel, children }) {
  const [text, setText] = useState(asText(body, people)), [why, setWhy] = useState(''), [isBusy, setBusy] = useState(false)
  const [offers, setOffers] = useState(/** @type {Named[]} */ ([])), [at, setAt] = useState(0)
  const known = useRef(people), asked = useRef(0), field = useRef(/** @type {HTMLTextAreaElement | null} */ (null))
  useEffect(() => { if (auto) field.current?.focus() }, [])
  /** Ask whom `@` and what follows may mean; an older answer never replaces a newer one. @param {string} before */
  const suggest = async (before) => {
    const name = naming(before), mine = ++asked.current
    if (name === null) return setOffers([])
    const found = await call('GET', `/v1/assets/${asset}/people`, { query: { q: name } }).catch(() => ({ items: [] }))
    if (mine === asked.current) { setOffers(found.items.slice(0, 6)); setAt(0) }
  }
  const take = (/** @type {Named} */ one) => {
    const end = field.current?.selectionStart ?? text.length, before = text.slice(0, end), name = naming(before) ?? ''
    const begun = before.slice(0, before.length - name.length - 1)
    known.current = [...known.current.filter((each) => each.id !== one.id), one]
    asked.current += 1
    setText(`${begun}@${one.name} ${text.slice(end)}`)
    setOffers([])
    field.current?.focus()
  }
  const submit = async () => {
    const said = asBody(text, known.current)
    if (!said || isBusy) return
    setBusy(true)
    try { await send(said); setText(''); setWhy('') } catch (problem) { setWhy(/** @type {Error} */ (problem).message) } finally { setBusy(false) }
  }
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return
    if (offers.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) setAt((at + (event.key === 'ArrowDown' ? 1 : -1) + offers.length) % offers.length)
    else if (offers.length && (event.key === 'Enter' || event.key === 'Tab')) take(offers[at])
    else if (event.key === 'Enter' && !event.shiftKey) submit()
    else if (event.key === 'Escape') { if (offers.length) setOffers([]); else if (cancel) cancel(); else field.current?.blur() }
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return html`<div class="composer">${offers.length > 0 && html`<ul class="offers" role="listbox" id=${`${id}-people`} aria-label=${W.people}>${offers.map((one, place) => html`<li key=${one.id} role="option" id=${`${id}-p${place}`} aria-selected=${place === at} class=${place === at ? 'on' : ''} onPointerDown=${(/** @type {Event} */ event) => { event.preventDefault(); take(one) }}>${one.name}</li>`)}</ul>`}
    ${children}<div class=${`field ${why ? 'err' : ''}`}><${Icon} name="comment" /><textarea id=${id} ref=${field} rows="1" maxlength="10000" value=${text} placeholder=${label} aria-label=${label} aria-autocomplete="list" aria-controls=${offers.length ? `${id}-people` : undefined} aria-activedescendant=${offers.length ? `${id}-p${at}` : undefined} aria-describedby=${why ? `${id}-why` : undefined}
      onInput=${(/** @type {any} */ event) => { setText(event.target.value); suggest(event.target.value.slice(0, event.target.selectionStart)) }} onKeyDown=${key} onBlur=${() => setOffers([])}></textarea></div>
    ${why && html`<p class="hint bad" role="alert" id=${`${id}-why`}>${why}</p>`}${(text.trim() || cancel) && html`<div class="flow"><span class="grow"></span>${cancel && html`<${Button} kind="small" act=${cancel}>${T.acts.cancel}<//>`}<${Button} kind="small" act=${submit} busy=${isBusy && W.sending}>${word}<//></div>`}</div>`
}
