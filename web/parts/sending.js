// @ts-check
// What a visitor of a link sends: files chosen or dropped, how far each is, and what its collection wants to know of it.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { size, T } from '../lib/text.js'
import { isOver, overall, picked, queue, walked } from '../lib/uploads.js'
import { W } from '../lib/visitors.js'
import { Badge, Button, Icon, Progress } from './basics.js'
import { Asking } from './required.js'
import { EvenRows } from './even-rows.js'

/** @param {{home: string}} given the collection that takes the files */
export default function Sending({ home }) {
  const files = useRef(/** @type {HTMLInputElement | null} */ (null)), [isAbove, setAbove] = useState(false)
  const take = (/** @type {any} */ event) => { queue.add(picked(event.target.files), { collectionId: home }); event.target.value = '' }
  const drop = async (/** @type {DragEvent} */ event) => {
    event.preventDefault()
    setAbove(false)
    const found = await walked([...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry()))
    queue.add(found.map(({ file }) => ({ file, path: file.name })), { collectionId: home })
  }
  useEffect(() => () => queue.clearDone(), [])
  return html`<section class="stack folded" aria-label=${W.files}><div class=${`drop ${isAbove ? 'dropping' : ''}`} data-drop=${T.uploads.dropHere} onDragOver=${(/** @type {DragEvent} */ event) => { event.preventDefault(); setAbove(true) }} onDragLeave=${() => setAbove(false)} onDrop=${drop}><${Icon} name="upload" /><h2>${W.files}</h2><p class="dim">${W.filesHint}</p>
    <input class="vh" type="file" multiple ref=${files} tabindex="-1" aria-hidden="true" id="visitor-files" onChange=${take} /><${Button} kind=${overall.value.asks ? '' : 'main'} act=${() => files.current?.click()}>${T.uploads.files}<//></div>
    <${Asking} />${overall.value.entries.length > 0 && html`<div class="list"><${EvenRows} many=${overall.value.entries.length} row=${(/** @type {number} */ at, /** @type {object} */ place) => { const one = overall.value.entries[at]; return html`<${Line} key=${one.key} one=${one} place=${place} />` }} /></div>`}</section>`
}

/** @param {{one: import('../lib/uploads.js').Entry, place: object}} given */
function Line({ one, place }) {
  const [kind, glyph, word] = one.state === 'done' ? ['is-ok', 's-ok', W.fileSent] : one.state === 'asks' ? ['is-wait', 's-wait', T.uploads.states.asks] : one.state === 'refused' || one.state === 'stopped' ? ['is-bad', 's-bad', T.uploads.states[one.state]] : ['is-none', 's-none', T.uploads.states.waiting]
  return html`<li class="up" ...${place}><span class="doc"><${Icon} name=${one.file.type.startsWith('image/') ? 'image' : 'doc'} /></span><div><div class="cut strong">${one.file.name}</div><div class="small dim">${one.why || size(one.size)}</div></div>
    <div class="pg">${one.state === 'sending' || one.state === 'reading' ? html`<${Progress} part=${one.size ? one.sent / one.size : 0} label=${one.file.name} />` : html`<${Badge} kind=${kind} glyph=${glyph}>${word}<//>`}</div>
    <div class="acts">${(one.state === 'stopped' || one.state === 'refused') && html`<${Button} kind="small" act=${() => queue.retry(one)}>${T.acts.retry}<//>`}${!isOver(one) && html`<${Button} kind="bare small" icon="x" label=${T.uploads.remove} act=${() => queue.remove(one)} />`}</div></li>`
}
