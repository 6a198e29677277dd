// @ts-check
// The search field: finished words are chips, the rest searches while it is written, suggestions below by keys or pointer.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { shortcuts } from '../lib/keys.js'
import { parts, pieces, quoted } from '../lib/query.js'
import { KEYS, number, T } from '../lib/text.js'
import { Icon } from './basics.js'

const PAUSE_MS = 120
const KINDS = /** @type {Record<string, string>} */ ({ term: 'tag', keyword: 'tag', sku: 'store', collection: 'folder', search: 'save' })

/**
 * @param {{filters: Array<{field: string, name: string, value: string}>, untick: (field: string) => void, words: string, setWords: (words: string) => void, inside?: {name: string, clear: () => void}, setDraft: (draft: string) => void,
 *   openCollection: (id: string) => void, runSearch: (q: string) => void}} given `words` are the chips, the draft is what is being written
 */
export function SearchBox({ words, setWords, inside, filters, untick, setDraft, openCollection, runSearch }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null))
  const [text, setText] = useState('')
  const [offers, setOffers] = useState(/** @type {Array<{kind: string, text: string, count: number, id?: string, q?: string}>} */ ([]))
  const [chosen, setChosen] = useState(-1)
  useLayoutEffect(() => shortcuts([{ keys: '/', does: T.search.focus, where: KEYS.places.library, act: () => field.current?.focus() }]), [])
  useEffect(() => {
    const control = new AbortController()
    const timer = setTimeout(() => {
      setDraft(text)
      const last = pieces(text).at(-1) ?? ''
      if (!last || last.length < 2) return setOffers([])
      call('GET', '/v1/search/suggest', { query: { q: last }, signal: control.signal }).then((found) => { setOffers(found.items); setChosen(-1) }, () => setOffers([]))
    }, PAUSE_MS)
    return () => { clearTimeout(timer); control.abort() }
  }, [text])
  const chips = pieces(words)
  const commit = (/** @type {string} */ extra) => { setWords([words, extra].filter(Boolean).join(' ')); setText(''); setOffers([]) }
  const take = (/** @type {{kind: string, text: string, id?: string, q?: string}} */ offer) => {
    const before = pieces(text).slice(0, -1).join(' ')
    if (offer.kind === 'collection' && offer.id) { setText(before); setOffers([]); openCollection(offer.id) }
    else if (offer.kind === 'search' && offer.q) { setText(''); setOffers([]); runSearch(offer.q) }
    else commit([before, `${offer.kind === 'keyword' || offer.kind === 'sku' ? `${offer.kind}:` : ''}${quoted(offer.text)}`].filter(Boolean).join(' '))
  }
  const drop = (/** @type {number} */ at) => setWords(chips.filter((_, place) => place !== at).join(' '))
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!offers.length) return
      event.preventDefault()
      const many = offers.length + 1, step = event.key === 'ArrowDown' ? 1 : -1
      setChosen(((chosen + 1 + step + many) % many) - 1)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (offers[chosen]) take(offers[chosen])
      else if (text.trim()) commit(text.trim())
    } else if (event.key === 'Escape') {
      if (offers.length) { event.stopPropagation(); setOffers([]) } else field.current?.blur()
    } else if (event.key === 'Backspace' && !text) {
      const last = chips.at(-1)
      if (last) { event.preventDefault(); drop(chips.length - 1); setText(last) }
      else if (filters.length) untick(filters[filters.length - 1].field)
      else if (inside) inside.clear()
    }
  }
  const row = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => { if (row.current) row.current.scrollLeft = row.current.scrollWidth }, [words, filters.length])
  return html`<div class="search" role="search"><div class="field" ref=${row}><${Icon} name="search" />
    ${inside && html`<${Chip} name=${T.search.inside} value=${inside.name} drop=${inside.clear} />`}
    ${filters.map((one) => html`<${Chip} key=${one.field} name=${one.name} value=${one.value} drop=${() => untick(one.field)} />`)}
    ${chips.map((piece, at) => { const chip = parts(piece); return html`<${Chip} key=${`${at} ${piece}`} isNot=${chip.isNot} name=${[chip.isNot && T.search.not, chip.key].filter(Boolean).join(' ')} value=${chip.value} drop=${() => drop(at)} />` })}
    <input ref=${field} value=${text} aria-label=${T.search.label} placeholder=${chips.length || inside || filters.length ? T.search.more : T.search.placeholder} role="combobox" aria-expanded=${offers.length > 0} aria-controls="offers"
      aria-activedescendant=${chosen >= 0 ? `offer${chosen}` : undefined} autocomplete="off" spellcheck=${false} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onKeyDown=${key} onBlur=${() => setTimeout(() => setOffers([]), 150)} />
    <kbd aria-hidden="true" class="hide-s">/</kbd></div>
    <ul id="offers" role="listbox" aria-label=${T.search.offers} class="offers" hidden=${!offers.length}>${offers.map((offer, at) => html`<li role="option" id=${`offer${at}`} aria-selected=${at === chosen} class=${at === chosen ? 'on' : ''}
      onPointerDown=${(/** @type {Event} */ event) => { event.preventDefault(); take(offer) }}><${Icon} name=${KINDS[offer.kind] ?? 'search'} /><span class="grow cut">${offer.text}</span><span class="num dimmer small">${number(offer.count)}</span></li>`)}</ul></div>`
}

/** One part of what is searched for; Backspace or Delete on its button takes it away too.
 * @param {{name: string, value: string, drop: () => void, isNot?: boolean}} given */
function Chip({ name, value, drop, isNot = false }) {
  const key = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Backspace' || event.key === 'Delete') { event.preventDefault(); drop() } }
  return html`<span class=${`chip ${isNot ? 'not' : ''}`}>${name && html`<span class="k">${name}</span>`}<span class="cut">${value}</span><button type="button" aria-label=${`${T.search.drop} ${[name, value].filter(Boolean).join(' ')}`} onClick=${drop} onKeyDown=${key}><${Icon} name="x" /></button></span>`
}
