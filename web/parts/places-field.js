// @ts-check
// Some collections, chosen one by one.
import { html, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { T } from '../lib/text.js'
import { Button, Icon } from './basics.js'
import { Picker } from './picker.js'

/** @param {{label: string, ids: string[], set: (ids: string[]) => void, isOpen?: (one: import('../lib/collections.js').Collection) => boolean, hint?: string, why?: string}} given */
export function PlacesField({ label, ids, set, isOpen = () => true, hint, why }) {
  const [picks, setPicks] = useState(false)
  return html`<fieldset class="stack"><legend>${label}</legend><span class="flow wrap">${ids.map((id) => { const path = byId.value.get(id)?.path ?? id; return html`<${Chip} key=${id} word=${path} label=${`${T.search.drop} ${path}`} drop=${() => set(ids.filter((one) => one !== id))} />` })}<${Button} kind="small" icon="folder" act=${() => setPicks(true)} label=${`${label}: ${T.collections.choose}`}>${T.collections.choose}<//></span>
    ${(why || hint) && html`<p class=${`hint ${why ? 'bad' : ''}`} role=${why ? 'alert' : undefined}>${why || hint}</p>`}
    ${picks && html`<${Picker} title=${label} close=${() => setPicks(false)} isOpen=${(/** @type {any} */ one) => one.parent_id !== null && isOpen(one) && !ids.includes(one.id)} pick=${(/** @type {any} */ one) => { setPicks(false); set([...ids, one.id]) }} />`}</fieldset>`
}

/** @param {{word: string, label: string, drop: () => void}} given */
export const Chip = ({ word, label, drop }) => html`<span class="chip word"><span class="cut">${word}</span><button type="button" aria-label=${label} onClick=${drop}><${Icon} name="x" /></button></span>`
