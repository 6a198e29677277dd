// @ts-check
// The upload centre: what is on its way, what was set aside and why, and where to drop more.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { call } from '../lib/http.js'
import { changedSince } from '../lib/live.js'
import { dressed } from '../lib/look.js'
import { change, href, route } from '../lib/router.js'
import { may } from '../lib/session.js'
import { number, size, T } from '../lib/text.js'
import { isOver, overall, picked, queue } from '../lib/uploads.js'
import { Badge, Button, Icon, Lazy, Progress } from '../parts/basics.js'
import { Asking } from '../parts/required.js'
import { EvenRows } from '../parts/even-rows.js'
import { sayFailed } from '../parts/toast.js'

export default function Uploads() {
  const files = useRef(/** @type {HTMLInputElement | null} */ (null)), folder = useRef(/** @type {HTMLInputElement | null} */ (null))
  useEffect(() => { document.title = `${T.nav.uploads} · ${T.app}`; folder.current?.setAttribute('webkitdirectory', '') }, [])
  const take = (/** @type {any} */ event) => { queue.add(picked(event.target.files), { collectionId: route.value.query.in }); event.target.value = '' }
  const asks = overall.value.asks + overall.value.choice > 0
  const home = byId.value.get(route.value.query.in ?? '')
  return html`<header class="top"><h1>${T.nav.uploads}</h1><span class="grow"></span>
    <input class="vh" type="file" multiple ref=${files} tabindex="-1" aria-hidden="true" onChange=${take} id="choose-files" /><input class="vh" type="file" multiple ref=${folder} tabindex="-1" aria-hidden="true" onChange=${take} id="choose-folder" />
    <${Button} kind="hide-s" icon="folder" act=${() => folder.current?.click()}>${T.uploads.folder}<//><${Button} kind=${asks ? '' : 'main'} icon="upload" act=${() => files.current?.click()}>${T.uploads.files}<//></header>
  <main class="room"><div class="page">${home && html`<p class="flow wrap mid"><${Icon} name="folder" /><span>${T.uploads.into(home.path)}</span><button type="button" class="link" onClick=${() => change({ in: undefined }, { replace: true })}>${T.uploads.otherwise}</button><a class="link" href=${href(['library'], { in: home.id })}>${T.uploads.show}</a></p>`}${overall.value.choice > 0 && html`<${Lazy} bare load=${() => dressed('next-versions', import('../parts/next-versions.js'))} />`}<${Asking} /><${Queue} /><${Quarantine} />
    <section class="drop"><${Icon} name="upload" /><h2>${T.uploads.drop}</h2><p class="dim">${T.uploads.dropHint}</p><div class="flow wrap"><${Button} act=${() => files.current?.click()}>${T.uploads.files}<//></div></section></div></main>`
}

function Queue() {
  const now = overall.value
  if (!now.entries.length) return null
  const minutes = Math.ceil(now.left / 60)
  const facts = [`${size(now.sent)} ${T.selection.of} ${size(now.total)}`, now.isBusy && now.perSecond ? `${size(now.perSecond)}/s` : '', now.isBusy && now.left ? T.uploads.left(minutes) : ''].filter(Boolean).join(', ')
  return html`<section class="list" aria-label=${T.uploads.progress}><header><div class="grow"><div class="flow"><h2 aria-live="polite">${T.uploads.count(now.over, now.entries.length)}</h2><span class="dim mid num">${facts}</span></div></div>
    ${now.isBusy && (now.isPaused ? html`<${Button} kind="small" icon="right" act=${queue.resume}>${T.uploads.resume}<//>` : html`<${Button} kind="small" icon="pause" act=${queue.pause}>${T.uploads.pause}<//>`)}
    ${now.stopped > 0 && html`<${Button} kind="small" icon="retry" act=${queue.retryAll}>${T.uploads.retryAll}<//>`}
    ${!now.isBusy && html`<${Button} kind="small" act=${queue.clearDone}>${T.uploads.clear}<//>`}</header>
    <div class="lead"><${Progress} part=${now.total ? now.sent / now.total : 1} kind=${now.isPaused ? 'idle' : now.isBusy ? '' : 'ok'} label=${T.uploads.progress} /></div>
    <${EvenRows} many=${now.entries.length} row=${(/** @type {number} */ at, /** @type {object} */ place) => { const one = now.entries[now.entries.length - 1 - at]; return html`<${Line} key=${one.key} one=${one} place=${place} />` }} /></section>`
}

/** @param {{one: import('../lib/uploads.js').Entry, place: object}} given */
function Line({ one, place }) {
  const folder = one.path.split('/').slice(0, -1).join(' / ')
  const badge = /** @type {Record<string, [string, string, string]>} */ ({
    checking: ['is-none', 's-none', T.uploads.states.waiting], waiting: ['is-none', 's-none', T.uploads.states.waiting], choice: ['is-wait', 's-wait', T.uploads.states.choice], asks: ['is-wait', 's-wait', T.uploads.states.asks], reading: ['is-wait', 's-wait', T.uploads.states.reading], done: ['is-ok', 's-ok', T.uploads.states.done],
    same: ['is-none', 's-none', T.uploads.states.same], refused: ['is-bad', 's-bad', T.uploads.states.refused], stopped: ['is-bad', 'warn', T.uploads.states.stopped], paused: ['is-none', 'pause', T.uploads.states.paused],
  })[one.state]
  return html`<li class="up" ...${place}><span class="doc"><${Icon} name=${one.file.type.startsWith('image/') ? 'image' : 'doc'} /></span>
    <div><div class="cut strong" title=${one.path}>${one.path.split('/').at(-1)}</div><div class="small dim">${one.why || [folder && `${T.uploads.to} ${folder}`, size(one.size)].filter(Boolean).join(', ')}</div></div>
    <div class="pg">${badge ? html`<${Badge} kind=${badge[0]} glyph=${badge[1]}>${badge[2]}<//>` : html`<div class="flow"><div class="grow"><${Progress} part=${one.size ? one.sent / one.size : 0} label=${one.path} /></div><span class="small dim num">${Math.floor((100 * one.sent) / Math.max(1, one.size))}%</span></div>`}</div>
    <div class="acts">${one.result.assetId && html`<a class="btn small" href=${href(['asset', one.result.assetId])}>${one.state === 'same' ? T.uploads.openIt : T.acts.open}</a>`}
    ${(one.state === 'stopped' || (one.state === 'refused' && !one.result.ingestId)) && html`<${Button} kind="small" act=${() => queue.retry(one)}>${T.acts.retry}<//>`}
    ${!isOver(one) && html`<${Button} kind="bare small" icon="x" label=${T.uploads.remove} act=${() => queue.remove(one)} />`}</div></li>`
}

/** What could not be taken in: kept, with the reason and the next step. */
function Quarantine() {
  const [items, setItems] = useState(/** @type {any[]} */ ([]))
  const load = () => { if (may('manage')) call('GET', '/v1/ingest', { query: { state: 'quarantined', limit: 100 } }).then((found) => setItems(found.items), sayFailed) }
  const over = overall.value.over
  useEffect(load, [changedSince.value, over])
  const retry = async (/** @type {any} */ one) => {
    try { await call('POST', `/v1/ingest/${one.id}/retry`); setTimeout(load, 1500) } catch (problem) { sayFailed(problem) }
  }
  if (!items.length) return null
  return html`<section class="list" aria-label=${T.uploads.quarantine}><header><h2>${T.uploads.quarantine}</h2><span class="dimmer num">${number(items.length)}</span><span class="dim mid grow">${T.uploads.kept}</span></header>
    <ul>${items.map((one) => html`<li class="up" key=${one.id}><span class="doc"><${Icon} name="warn" /></span><div><div class="cut strong">${one.file_name}</div><div class="small dim">${one.reason}</div></div>
    <div class="pg"><${Badge} kind="is-bad" glyph="s-bad">${T.uploads.aside}<//></div><div class="acts"><${Button} kind="small" icon="retry" act=${() => retry(one)}>${T.acts.retry}<//></div></li>`)}</ul></section>`
}
