// @ts-check
// The rules of a collection: what others see before approval, what happens to uploads, what must be filled in.
import { html, useState } from '../vendor/ui.js'
import { changeCollection } from '../lib/collections.js'
import { M } from '../lib/managing.js'
import { T } from '../lib/text.js'
import { Dialog } from '../parts/dialog.js'
import { said, Several } from '../parts/form.js'
import { say } from '../parts/toast.js'

const W = M.rules
const FIELDS = ['title', 'alt', 'description', 'keywords', 'skus', 'shot_type'].map((value) => ({ value, word: T.asset.fields[value] }))

/** @param {{one: import('../lib/collections.js').Collection, close: () => void}} given */
export default function Rules({ one, close }) {
  const now = /** @type {any} */ (one.policy)
  const [policy, setPolicy] = useState(now), [why, setWhy] = useState(''), [isBusy, setBusy] = useState(false)
  const known = FIELDS.concat(now.required_fields.filter((/** @type {string} */ name) => !FIELDS.some((each) => each.value === name)).map((/** @type {string} */ value) => ({ value, word: value })))
  const save = async () => {
    setBusy(true)
    try { await changeCollection(one.id, { policy }); close(); say({ text: T.collections.rulesSaved(one.name), undo: () => { changeCollection(one.id, { policy: now }) } }) } catch (refused) { setWhy(Object.values(said(refused))[0]); setBusy(false) }
  }
  const tick = (/** @type {string} */ word, /** @type {boolean} */ on, /** @type {(on: boolean) => object} */ to, /** @type {string} */ hint = '') => html`<label class="flow mid"><input type="checkbox" checked=${on} onChange=${(/** @type {any} */ event) => setPolicy({ ...policy, ...to(event.target.checked) })} /><span>${word}${hint && html`<span class="hint block">${hint}</span>`}</span></label>`
  return html`<${Dialog} title=${`${T.collections.rules}: ${one.name}`} close=${close} act=${{ word: T.acts.save, do: save, busy: isBusy && T.acts.saving }}>${why && html`<p class="hint bad" role="alert">${why}</p>`}
    ${tick(W.block, policy.unapproved === 'block', (on) => ({ unapproved: on ? 'block' : 'newest' }), W.blockHint)}${tick(W.pending, policy.uploads === 'pending', (on) => ({ uploads: on ? 'pending' : 'accept' }), W.pendingHint)}${tick(W.tags, policy.auto_tags, (on) => ({ auto_tags: on }), W.tagsHint)}
    <${Several} label=${W.required} all=${known} chosen=${policy.required_fields} set=${(/** @type {string[]} */ required_fields) => setPolicy({ ...policy, required_fields })} hint=${W.requiredHint} /><//>`
}
