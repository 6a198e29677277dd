// @ts-check
// What can be done with the selected pictures; floats over the grid while something is selected.
import { html, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { count, everything, nothing } from '../lib/selection.js'
import { number, T } from '../lib/text.js'
import { actOn, addTo } from './adding.js'
import { Button } from './basics.js'
import { Picker } from './picker.js'

/** @param {{chosen: import('../lib/selection.js').Selection, choose: (chosen: import('../lib/selection.js').Selection) => void, settle: () => void, total: number, q: string}} given `settle` ends a selection that has been acted on */
export function SelectionBar({ chosen, choose, settle, total, q }) {
  const [asks, setAsks] = useState(false)
  const [busy, setBusy] = useState('')
  const many = count(chosen, total), what = { chosen, q, total }
  const trash = () => actOn(what, { said: T.selection.trashed, progress: setBusy, act: (id) => call('DELETE', `/v1/assets/${id}`), back: (id) => call('POST', `/v1/assets/${id}/restore`) }).then(settle)
  return html`<div class="floatbar" role="toolbar" aria-label=${T.selection.label(many)}><span class="num" role="status"><b>${number(many)}</b> <span class="dim">${T.selection.of} ${number(total)}</span></span><span class="sep hide-s"></span>
    ${busy ? html`<span class="num" role="status">${busy}</span>` : html`
    ${many < total && html`<${Button} act=${() => choose(everything)} kind="hide-s">${T.selection.all} ${number(total)}<//>`}
    <${Button} act=${() => setAsks(true)} icon="folder">${T.selection.addTo}<//><${Button} act=${trash} icon="trash">${T.acts.trash}<//>`}
    <span class="sep hide-s"></span><${Button} act=${() => choose(nothing)} icon="x" label=${T.selection.clear} />
    ${asks && html`<${Picker} title=${T.selection.addTo} close=${() => setAsks(false)} isOpen=${(/** @type {any} */ one) => one.parent_id !== null && one.rights.includes('upload')} pick=${(/** @type {any} */ to) => { setAsks(false); addTo(what, to, setBusy).then(settle) }} />`}</div>`
}
