// @ts-check
// Choose a collection by typing a part of its path; or a name for something.
import { html, useState } from '../vendor/ui.js'
import { collections } from '../lib/collections.js'
import { T } from '../lib/text.js'
import { Button } from './basics.js'
import { Dialog } from './dialog.js'

const SHOWN = 50

/** @param {{title: string, close: () => void, isOpen: (one: import('../lib/collections.js').Collection) => boolean, pick: (one: import('../lib/collections.js').Collection) => void}} given */
export function Picker({ title, close, isOpen, pick }) {
  const [text, setText] = useState('')
  const open = collections.value.filter((one) => isOpen(one) && one.path.toLowerCase().includes(text.toLowerCase()))
  return html`<${Dialog} title=${title} close=${close}><div class="field"><input autofocus aria-label=${T.collections.search} placeholder=${T.collections.search} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></div>
    <ul class="picks">${open.slice(0, SHOWN).map((one) => html`<li key=${one.id}><${Button} act=${() => pick(one)} kind="bare" icon="folder"><span class="cut">${one.path || T.collections.top}</span><//></li>`)}</ul>
    ${!open.length && html`<p class="dim">${T.collections.none}</p>`}<//>`
}

/**
 * Ask for a name, and with `shared` for who sees it. `save` rejects with words when the name will not do; the dialog
 * then stays with what was typed.
 * @param {{title: string, label: string, name?: string, shared?: boolean, word: string, close: () => void, save: (name: string, shared: boolean) => Promise<unknown>}} given
 */
export function Naming({ title, label, name = '', shared, word, close, save }) {
  const [text, setText] = useState(name)
  const [isShared, setShared] = useState(shared ?? false)
  const [why, setWhy] = useState('')
  const [isBusy, setBusy] = useState(false)
  const act = async () => {
    if (!text.trim() || isBusy) return
    setBusy(true)
    try { await save(text.trim(), isShared); close() } catch (problem) {
      const given = /** @type {any} */ (problem)
      setWhy(given.fields?.name ? `${label} ${given.fields.name}.` : given.message)
    } finally { setBusy(false) }
  }
  return html`<${Dialog} title=${title} close=${close} act=${{ word, do: act, busy: isBusy && T.acts.saving, why: text.trim() ? undefined : T.acts.nameFirst }}>
    <div class="stack"><label for="naming">${label}</label><div class=${`field ${why ? 'err' : ''}`}><input id="naming" autofocus value=${text} maxlength="255" aria-describedby=${why ? 'naming-why' : undefined} onInput=${(/** @type {any} */ event) => { setText(event.target.value); setWhy('') }} /></div>
    ${why && html`<p class="hint bad" role="alert" id="naming-why">${why}</p>`}</div>
    ${shared !== undefined && html`<label class="flow mid"><input type="checkbox" checked=${isShared} onChange=${(/** @type {any} */ event) => setShared(event.target.checked)} />${T.searches.shared}</label>`}<//>`
}
