// @ts-check
// What else the result holds, with counts: OR inside a field, AND across fields.
import { html, useEffect, useState } from '../vendor/ui.js'
import { FACETS } from '../lib/query.js'
import { number, T } from '../lib/text.js'
import { APPROVAL, ApprovalGlyph } from './basics.js'

const SHOWN = 6
/** Fields whose values have a sign before their word; it comes after the first screen, its room is kept. */
const SIGNED = ['color', 'background', 'orientation', 'aspect']
/** What a facet's value is called. @param {string} field @param {string} value @param {string} [label] */
export const valueName = (field, value, label) => label ?? (field === 'approval' ? APPROVAL[value]?.word : field === 'format' ? value.toUpperCase() : (field === 'keyword' || field === 'auto_tag' || field === 'shot_type') ? value : T.facets.values[value]) ?? value
/** @param {string} field */
export const facetName = (field) => /** @type {Record<string, any>} */ (T.facets)[field]

/**
 * @param {{facets?: {value: Record<string, import('../lib/windows.js').FacetValue[]>}, ticked: import('../lib/query.js').Ticked, tick: (field: string, value: string, on: boolean) => void}} given
 */
export function Facets({ facets, ticked, tick }) {
  const [Sign, setSign] = useState(/** @type {any} */ (null))
  useEffect(() => { import('./signs.js').then((found) => setSign(() => found.Sign), () => {}) }, [])
  return FACETS.map((field) => {
    const title = facetName(field)
    const chosen = ticked[field] ?? [], counted = facets?.value[field] ?? []
    const missing = chosen.filter((value) => !counted.some((one) => one.value === value)).map((value) => ({ value, count: 0 }))
    const values = [...missing, ...counted]
    return values.length > (chosen.length ? 0 : 1) || chosen.length ? html`<${Facet} key=${field} field=${field} title=${title} values=${values} chosen=${chosen} tick=${tick} Sign=${Sign} />` : null
  })
}

/** @param {{field: string, title: string, values: import('../lib/windows.js').FacetValue[], chosen: string[], tick: (field: string, value: string, on: boolean) => void, Sign: any}} given */
function Facet({ field, title, values, chosen, tick, Sign }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? values : values.filter((one, at) => at < SHOWN || chosen.includes(one.value))
  return html`<fieldset><legend>${title}</legend>${shown.map((one) => html`<label class=${`facet ${chosen.includes(one.value) ? 'on' : ''}`} key=${one.value}>
    <input type="checkbox" checked=${chosen.includes(one.value)} onChange=${(/** @type {any} */ event) => tick(field, one.value, event.target.checked)} />
    ${field === 'approval' ? html`<${ApprovalGlyph} state=${one.value} />` : SIGNED.includes(field) && (Sign ? html`<${Sign} field=${field} value=${one.value} />` : html`<span class="g"></span>`)}<span class="cut">${valueName(field, one.value, one.label)}</span><span class="n">${number(one.count)}</span></label>`)}
    ${values.length > shown.length && html`<button type="button" class="link small" onClick=${() => setWhole(true)}>${T.facets.more(values.length - shown.length)}</button>`}</fieldset>`
}
