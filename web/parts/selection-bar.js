// @ts-check
// What can be done with the selected pictures; floats over the grid while something is selected.
import { html, useState } from '../vendor/ui.js'
import { mayAnywhere } from '../lib/collections.js'
import { TRASH } from '../lib/query.js'
import { asRule, count, everything, nothing } from '../lib/selection.js'
import { number, T } from '../lib/text.js'
import { Button, Lazy } from './basics.js'
import { PickerLater, ShareLater } from './later.js'
import { sayFailed } from './toast.js'

/** What is asked of a selection in a dialog of its own, each fetched when it is pressed. */
const DIALOGS = /** @type {Record<string, {icon: string, rights: string[], load: () => Promise<{default: any}>}>} */ ({
  edit: { icon: 'tag', rights: ['edit', 'move', 'archive'], load: () => import('./editing-many.js') },
  ask: { icon: 'review', rights: ['submit'], load: () => import('./asking.js') },
  download: { icon: 'download', rights: ['download', 'download_original', 'download_unapproved'], load: () => import('./downloading.js') },
})

/** @param {{chosen: import('../lib/selection.js').Selection, choose: (chosen: import('../lib/selection.js').Selection) => void, settle: () => void, total: number, q: string}} given `settle` ends a selection that has been acted on */
export function SelectionBar({ chosen, choose, settle, total, q }) {
  const [asks, setAsks] = useState(false), [isShared, setShared] = useState(false)
  const [busy, setBusy] = useState(''), [dialog, setDialog] = useState('')
  const isTrash = q.includes(TRASH), trashWord = isTrash ? T.acts.restore : T.acts.trash
  const many = count(chosen, total), what = { chosen, q, total }
  const first = async () => { const { idsOf } = await import('../lib/each.js'); for await (const id of idsOf(chosen, q)) return id; return '' }
  const doing = (/** @type {(acts: typeof import('./adding.js')) => Promise<unknown>} */ act) => { import('./adding.js').then(act).then(settle, sayFailed) }
  return html`<div class="floatbar" role="toolbar" aria-label=${T.selection.label(many)}><span class="num" role="status"><b>${number(many)}</b> <span class="dim">${T.selection.of} ${number(total)}</span></span><span class="sep hide-s"></span>
    ${busy ? html`<span class="num" role="status">${busy}</span>` : html`
    ${many < total && html`<${Button} act=${() => choose(everything)} kind="hide-s">${T.selection.all} ${number(total)}<//>`}
    ${!isTrash && html`<${Button} act=${() => setAsks(true)} icon="folder" label=${T.selection.addTo}><span class="hide-s">${T.selection.addTo}</span><//>
      ${Object.entries(DIALOGS).map(([name, { icon, rights }]) => rights.some(mayAnywhere) && html`<${Button} key=${name} act=${() => setDialog(name)} icon=${icon} label=${T.selection.asks[name]}><span class="hide-s">${T.selection.short[name] ?? T.selection.asks[name]}</span><//>`)}
      ${mayAnywhere('share') && html`<${Button} act=${() => setShared(true)} icon="share" label=${T.acts.share}><span class="hide-s">${T.acts.share}</span><//>`}`}
    <${Button} act=${() => doing((acts) => acts.trash(what, isTrash, setBusy))} icon=${isTrash ? 'undo' : 'trash'} label=${trashWord}><span class="hide-s">${trashWord}</span><//>`}
    <span class="sep hide-s"></span><${Button} act=${() => choose(nothing)} icon="x" label=${T.selection.clear} /></div>
    ${dialog && html`<${Lazy} key=${dialog} bare load=${DIALOGS[dialog].load} failed=${(/** @type {Error} */ problem) => { setDialog(''); sayFailed(problem) }} chosen=${{ rule: asRule(chosen, q), many }} first=${first} close=${() => setDialog('')} />`}
    ${isShared && html`<${ShareLater} of=${(/** @type {any} */ shares) => shares.ofSelection(chosen, q, total)} close=${() => setShared(false)} />`}
    ${asks && html`<${PickerLater} title=${T.selection.addTo} close=${() => setAsks(false)} isOpen=${(/** @type {any} */ one) => one.parent_id !== null && one.rights.includes('upload')} pick=${(/** @type {any} */ to) => { setAsks(false); doing((acts) => acts.addTo(what, to, setBusy)) }} />`}`
}
