// @ts-check
// What can be done with the selected pictures; floats over the grid while something is selected.
import { html, useState } from '../vendor/ui.js'
import { collections } from '../lib/collections.js'
import { each, idsOf } from '../lib/each.js'
import { call } from '../lib/http.js'
import { expectChange } from '../lib/live.js'
import { count, everything, nothing } from '../lib/selection.js'
import { counted, number, T } from '../lib/text.js'
import { Button } from './basics.js'
import { Dialog } from './dialog.js'
import { say, sayFailed } from './toast.js'

/** @param {{chosen: import('../lib/selection.js').Selection, choose: (chosen: import('../lib/selection.js').Selection) => void, total: number, q: string}} given */
export function SelectionBar({ chosen, choose, total, q }) {
  const [asks, setAsks] = useState('')
  const [busy, setBusy] = useState('')
  const many = count(chosen, total)
  const run = async (/** @type {string} */ said, /** @type {(id: string) => Promise<unknown>} */ act, /** @type {((id: string) => Promise<unknown>) | undefined} */ back) => {
    try {
      setBusy(T.selection.working(0, many))
      const { done, failed } = await each(/** @type {AsyncIterable<string>} */ (idsOf(chosen, q)), act, (at) => setBusy(T.selection.working(at, many)))
      const undo = back && done.length ? () => { each(iterate(done), back, () => {}).then(expectChange, sayFailed) } : undefined
      if (failed.length) sayFailed(`${T.selection.failed(failed.length)} ${failed[0].problem.message}`)
      else say({ text: `${counted(done.length, T.picture.one, T.picture.many)} ${said}`, undo })
      choose(nothing)
      expectChange()
    } catch (problem) { sayFailed(problem) } finally { setBusy('') }
  }
  const addTo = (/** @type {import('../lib/collections.js').Collection} */ to) => {
    setAsks('')
    run(`${T.selection.added} ${to.name}.`, (id) => call('PUT', `/v1/collections/${to.id}/assets/${id}`), (id) => call('DELETE', `/v1/collections/${to.id}/assets/${id}`))
  }
  return html`<div class="floatbar" role="toolbar" aria-label=${T.selection.label(many)}><span class="num"><b>${number(many)}</b> <span class="dim">${T.selection.of} ${number(total)}</span></span><span class="sep hide-s"></span>
    ${busy ? html`<span class="num" role="status">${busy}</span>` : html`
    ${many < total && html`<${Button} act=${() => choose(everything)} kind="hide-s">${T.selection.all} ${number(total)}<//>`}
    <${Button} act=${() => setAsks('collection')} icon="folder">${T.selection.addTo}<//>
    <${Button} act=${() => run(T.selection.trashed, (id) => call('DELETE', `/v1/assets/${id}`), (id) => call('POST', `/v1/assets/${id}/restore`))} icon="trash">${T.acts.trash}<//>`}
    <span class="sep hide-s"></span><${Button} act=${() => choose(nothing)} icon="x" label=${T.selection.clear} />
    ${asks === 'collection' && html`<${Picker} close=${() => setAsks('')} pick=${addTo} />`}</div>`
}

/** @param {string[]} ids */
async function* iterate(ids) { yield* ids }

/** Choose a collection one may add to, by typing a part of its path.
 * @param {{close: () => void, pick: (one: import('../lib/collections.js').Collection) => void}} given */
export function Picker({ close, pick }) {
  const [text, setText] = useState('')
  const open = collections.value.filter((one) => one.parent_id !== null && one.rights.includes('upload') && one.path.toLowerCase().includes(text.toLowerCase()))
  return html`<${Dialog} title=${T.selection.addTo} close=${close}><div class="field"><input aria-label=${T.collections.search} placeholder=${T.collections.search} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></div>
    <ul class="picks">${open.slice(0, 50).map((one) => html`<li key=${one.id}><${Button} act=${() => pick(one)} kind="bare" icon="folder"><span class="cut">${one.path}</span><//></li>`)}</ul><//>`
}
