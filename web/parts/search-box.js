// @ts-check
// The search field: finished words are chips, the rest searches while it is written, suggestions below by keys or pointer.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { shortcuts } from '../lib/keys.js'
import { parts, pieces, quoted } from '../lib/query.js'
import { number, T } from '../lib/text.js'
import { Icon } from './basics.js'

const PAUSE_MS = 120
const KINDS = /** @type {Record<string, string>} */ ({ term: 'tag', keyword: 'tag', sku: 'store', collection: 'folder', search: 'save' })

/**
 * @param {{words: string, setWords: (words: string) => void, inside?: {name: string, clear: () => void}, setDraft: (draft: string) => void,
 *   openCollection: (id: string) => void, runSearch: (q: string) => void}} given `words` are the chips, the draft is what is being written
 */
export function SearchBox({ words, setWords, inside, setDraft, openCollection, runSearch }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null))
  const [text, setText] = useState('')
  const [offers, setOffers] = useState(/** @type {Array<{kind: string, text: string, count: number, id?: string, q?: string}>} */ ([]))
  const [chosen, setChosen] = useState(-1)
  useEffect(() => shortcuts([{ keys: '/', does: T.search.focus, where: 'Library', act: () => field.current?.focus() }]), [])
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
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : -1) + offers.length + 1) % (offers.length + 1) === offers.length ? -1 : (chosen + (event.key === 'ArrowDown' ? 1 : -1) + offers.length + 1) % (offers.length + 1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (offers[chosen]) take(offers[chosen])
      else if (text.trim()) commit(text.trim())
    } else if (event.key === 'Escape') {
      if (offers.length) { event.stopPropagation(); setOffers([]) } else field.current?.blur()
    } else if (event.key === 'Backspace' && !text) {
      const last = chips.at(-1)
      if (last) { event.preventDefault(); drop(chips.length - 1); setText(last) }
      else if (inside) inside.clear()
    }
  }
  return html`<div class="search" role="search"><div class="field"><${Icon} name="search" />
    ${inside && html`<span class="chip"><span class="k">${T.search.inside}</span><span class="cut">${inside.name}</span><button type="button" aria-label=${`${T.search.drop} ${inside.name}`} onClick=${inside.clear}><${Icon} name="x" /></button></span>`}
    ${chips.map((piece, at) => { const chip = parts(piece); return html`<span class=${`chip ${chip.isNot ? 'not' : ''}`}>${(chip.key || chip.isNot) && html`<span class="k">${chip.isNot ? `${T.search.not} ` : ''}${chip.key}</span>`}<span class="cut">${chip.value}</span><button type="button" aria-label=${`${T.search.drop} ${piece}`} onClick=${() => drop(at)}><${Icon} name="x" /></button></span>` })}
    <input ref=${field} value=${text} aria-label=${T.search.label} placeholder=${chips.length || inside ? T.search.more : T.search.placeholder} role="combobox" aria-expanded=${offers.length > 0} aria-controls="offers"
      aria-activedescendant=${chosen >= 0 ? `offer${chosen}` : undefined} autocomplete="off" spellcheck=${false} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onKeyDown=${key} onBlur=${() => setTimeout(() => setOffers([]), 150)} />
    <kbd aria-hidden="true" class="hide-s">/</kbd></div>
    <ul id="offers" role="listbox" aria-label=${T.search.offers} class="offers" hidden=${!offers.length}>${offers.map((offer, at) => html`<li role="option" id=${`offer${at}`} aria-selected=${at === chosen} class=${at === chosen ? 'on' : ''}
      onPointerDown=${(/** @type {Event} */ event) => { event.preventDefault(); take(offer) }}><${Icon} name=${KINDS[offer.kind] ?? 'search'} /><span class="grow cut">${offer.text}</span><span class="num dimmer small">${number(offer.count)}</span></li>`)}</ul></div>`
}
