// @ts-check
// What else the result holds, with counts: OR inside a field, AND across fields.
import { html, useState } from '../vendor/ui.js'
import { number, T } from '../lib/text.js'
import { APPROVAL, ApprovalGlyph } from './basics.js'

const SHOWN = 6
/** Facets of the library in the order of the panel; `when` false: shown only if some value has a count. */
export const FACETS = [
  { field: 'approval', title: T.facets.approval },
  { field: 'shot_type', title: T.facets.shot_type },
  { field: 'color', title: T.facets.color },
  { field: 'keyword', title: T.facets.keyword },
  { field: 'orientation', title: T.facets.orientation },
  { field: 'format', title: T.facets.format },
  { field: 'type', title: T.facets.type },
  { field: 'year', title: T.facets.year },
]

/**
 * @param {{facets: Record<string, import('../lib/windows.js').FacetValue[]>, ticked: import('../lib/query.js').Ticked, tick: (field: string, value: string, on: boolean) => void}} given
 */
export function Facets({ facets, ticked, tick }) {
  return html`<aside class="facets" aria-label=${T.facets.label}>${FACETS.map(({ field, title }) => {
    const chosen = ticked[field] ?? [], counted = facets[field] ?? []
    const missing = chosen.filter((value) => !counted.some((one) => one.value === value)).map((value) => ({ value, count: 0 }))
    const values = [...missing, ...counted]
    return values.length > (chosen.length ? 0 : 1) || chosen.length ? html`<${Facet} key=${field} field=${field} title=${title} values=${values} chosen=${chosen} tick=${tick} />` : null
  })}</aside>`
}

/** @param {{field: string, title: string, values: import('../lib/windows.js').FacetValue[], chosen: string[], tick: (field: string, value: string, on: boolean) => void}} given */
function Facet({ field, title, values, chosen, tick }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? values : values.filter((one, at) => at < SHOWN || chosen.includes(one.value))
  return html`<fieldset><legend>${title}</legend>${shown.map((one) => html`<label class=${`facet ${chosen.includes(one.value) ? 'on' : ''}`} key=${one.value}>
    <input type="checkbox" checked=${chosen.includes(one.value)} onChange=${(/** @type {any} */ event) => tick(field, one.value, event.target.checked)} />
    ${field === 'approval' && html`<${ApprovalGlyph} state=${one.value} />`}<span class="cut">${one.label ?? (field === 'approval' ? APPROVAL[one.value]?.word : T.facets.values[one.value]) ?? one.value}</span><span class="n">${number(one.count)}</span></label>`)}
    ${values.length > shown.length && html`<button type="button" class="link small" onClick=${() => setWhole(true)}>${T.facets.more(values.length - shown.length)}</button>`}</fieldset>`
}
