// @ts-check
// A product by its SKU: its shots in order with the missing ones named, and the approved pictures that other programs are given.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call, every } from '../lib/http.js'
import { href, route } from '../lib/router.js'
import { W } from '../lib/skus.js'
import { number, T } from '../lib/text.js'
import { APPROVAL, Badge, Button, Empty, Icon, Trouble } from '../parts/basics.js'
import { Picture } from '../parts/tile.js'
import { say, sayFailed } from '../parts/toast.js'

export default function Sku() {
  const sku = route.value.path[1] ?? '', [one, setOne] = useState(/** @type {any} */ (undefined)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const load = () => call('GET', '/v1/skus', { query: { sku } }).then((page) => { setOne(page.items[0] ?? null); setProblem(null) }, setProblem)
  useEffect(() => { document.title = `${sku} · ${T.app}`; setOne(undefined); load() }, [sku])
  const find = html`<a class="btn" href=${href(['library'], { words: `sku:"${sku.replaceAll('"', '')}"` })}><${Icon} name="search" />${W.library}</a>`
  return html`<header class="top"><h1 class="cut">${sku}</h1><span class="grow"></span>${one && find}</header><main class="room"><div class="page sku">
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : one === undefined ? html`<p class="dim" role="status">${T.library.loading}</p>` : !one ? html`<${Empty} icon="store" title=${W.gone(sku)}><p class="dim">${W.goneHint}</p>${find}<//>`
    : html`<section aria-label=${W.order} class="stack"><div class="flow wrap"><h2>${W.shots(one.shots.length)}</h2><${Badge} kind=${one.missing.length ? 'is-redo' : 'is-ok'} glyph=${one.missing.length ? 'warn' : 's-ok'}>${W.missing(one.missing)}<//></div>
      <ol class="shots">${one.shots.map((/** @type {any} */ shot) => html`<li key=${shot.asset_id}><a href=${href(['asset', shot.asset_id])}><${Picture} item=${shot} isFast=${false} /><span class="flow"><b class="strong grow cut">${shot.shot_type ?? W.noShot}</b>${shot.position !== null && html`<span class="dimmer num" title=${W.at(shot.position)}>${number(shot.position)}</span>`}</span>
        <span class="small dim cut" title=${shot.name}>${shot.name}</span></a><${State} shot=${shot} /></li>`)}${one.missing.map((/** @type {string} */ name) => html`<li key=${`- ${name}`} class="lacks"><span class="pic"><${Icon} name="image" cls="nopic" /></span><b class="strong cut">${name}</b><${Badge} kind="is-redo" glyph="warn">${W.isMissing}<//></li>`)}</ol></section>
    <${Images} key=${sku} sku=${sku} />`}</div></main>`
}

/** @param {{shot: any}} given */
function State({ shot }) {
  const { glyph, cls, word } = APPROVAL[shot.approval] ?? APPROVAL.none
  return html`<span class="flow wrap"><${Badge} kind=${cls} glyph=${glyph}>${word}<//>${shot.approval !== 'approved' && html`<span class="small dim">${shot.approved ? W.some : W.none}</span>`}</span>`
}

/** What other programs are given. @param {{sku: string}} given */
function Images({ sku }) {
  const [preset, setPreset] = useState(''), [presets, setPresets] = useState(/** @type {any[]} */ ([])), [all, setAll] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {any} */ (null))
  useEffect(() => { every('/v1/presets').then(setPresets, () => {}) }, [])
  const load = () => { setAll(null); call('GET', '/v1/sku-images', { query: { sku, preset } }).then((page) => { setAll(page.items); setProblem(null) }, setProblem) }
  useEffect(load, [preset])
  const address = `${location.origin}/v1/sku-images?${new URLSearchParams({ sku, ...(preset && { preset }) })}`
  const copy = () => navigator.clipboard.writeText(address).then(() => say({ text: W.copied }), sayFailed)
  return html`<section class="list" aria-label=${W.out}><header><h2>${W.out}</h2><span class="grow small dim">${W.outHint}</span><label class="flow small" for="sku-size">${W.size}<select id="sku-size" class="btn" value=${preset} onChange=${(/** @type {any} */ event) => setPreset(event.target.value)}><option value="">${W.large}</option>${presets.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select></label></header>
    ${problem ? (problem.status === 403 ? html`<p class="lead dim">${W.noRight}</p>` : html`<${Trouble} problem=${problem} again=${load} />`) : !all ? html`<p class="lead dim" role="status">${T.library.loading}</p>` : !all.length ? html`<${Empty} icon="image" title=${W.nothing}><p class="dim">${W.nothingHint}</p><//>`
    : html`<ol>${all.map((one, at) => html`<li class="si" key=${one.asset_id}><span class="num dimmer">${number(at + 1)}</span><img src=${one.url} alt=${one.alt ?? ''} loading="lazy" /><div><b class="strong">${one.shot_type ?? W.noShot}</b><div class="small dim wordy">${one.alt || W.noAlt}</div></div><span class="small dim num">${number(one.width_px)} × ${number(one.height_px)}</span><a class="btn small" href=${one.url} target="_blank" rel="noopener" aria-label=${`${W.open}: ${one.shot_type ?? at + 1}`}>${W.open}</a></li>`)}</ol>`}
    <p class="lead flow wrap at"><span class="small dim">${W.address}</span><code class="small grow wordy">${address}</code><${Button} kind="small" act=${copy}>${W.copy}<//></p></section>`
}
