// @ts-check
// Files that wait because their collection requires fields: one form for all that lack the same.
import { html, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { T } from '../lib/text.js'
import { overall, queue } from '../lib/uploads.js'
import { Button } from './basics.js'
import { Line as Field } from './form.js'

/** Files that wait for what their collection requires, those with the same fields together. */
export function Asking() {
  if (!overall.value.asks) return null
  const waiting = overall.value.entries.filter((one) => one.state === 'asks')
  return [...Map.groupBy(waiting, (one) => `${one.needs.join()} ${one.collectionId ?? ''}`)].map(([key, these]) => html`<${Required} key=${key} these=${these} />`)
}

const LISTS = ['keywords', 'skus'], LONG = ['description', 'alt'], NUMBERS = ['rating', 'position']
/** What was typed as the API takes it; `custom.x` is the field x of one's own. @param {string[]} needs @param {Record<string, string>} typed */
function asFields(needs, typed) {
  /** @type {Record<string, any>} */
  const fields = {}
  for (const name of needs) {
    const text = typed[name].trim(), value = LISTS.includes(name) ? text.split(',').map((one) => one.trim()).filter(Boolean) : NUMBERS.includes(name) ? Number(text) : text
    if (name.startsWith('custom.')) fields.custom = { ...fields.custom, [name.slice('custom.'.length)]: value }
    else fields[name] = value
  }
  return fields
}

/** One form for all of these files. @param {{these: import('../lib/uploads.js').Entry[]}} given */
function Required({ these }) {
  const { needs, refusals, collectionId, path } = these[0]
  const [typed, setTyped] = useState(/** @type {Record<string, string>} */ (Object.fromEntries(needs.map((name) => [name, String((name.startsWith('custom.') ? these[0].fields?.custom?.[name.slice('custom.'.length)] : these[0].fields?.[name]) ?? '')]))))
  const isFull = needs.every((name) => (typed[name] ?? '').trim())
  const place = byId.value.get(collectionId ?? '')?.path ?? path.split('/').slice(0, -1).join(' / ')
  const send = (/** @type {Event} */ event) => { event.preventDefault(); if (isFull) queue.give(these, asFields(needs, typed)) }
  return html`<section class="list" aria-label=${T.uploads.needs(these.length)}><header><h2>${T.uploads.needs(these.length)}</h2></header><form class="lead stack folded" onSubmit=${send}><p class="mid dim">${T.uploads.needsHint(place ? `“${place}”` : T.uploads.here)}</p>
    ${needs.map((name) => html`<${Field} key=${name} id=${`n-${name}`} label=${T.asset.fields[name] ?? name.replace(/^custom\./, '')} type=${LONG.includes(name) ? 'lines' : NUMBERS.includes(name) ? 'number' : 'text'} value=${typed[name] ?? ''} set=${(/** @type {string} */ text) => setTyped({ ...typed, [name]: text })} hint=${LISTS.includes(name) ? T.uploads.listed : ''} why=${refusals[name]} required />`)}
    <div class="flow wrap"><span class="small dim grow cut">${these.slice(0, 5).map((one) => one.path.split('/').at(-1)).join(', ')}${these.length > 5 ? ', …' : ''}</span><${Button} kind="main" type="submit" act=${() => {}} why=${isFull ? undefined : T.uploads.fillFirst}>${T.uploads.give(these.length)}<//></div></form></section>`
}
