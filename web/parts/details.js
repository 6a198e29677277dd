// @ts-check
// What is known of a picture: what people say (to edit), what the file says, and how it got here.
import { html } from '../vendor/ui.js'
import { href } from '../lib/router.js'
import { moment, number, size, T, when } from '../lib/text.js'
import { RatingField, TextField, WordsField } from './fields.js'

/** @param {{editing: import('../lib/editing.js').Editing, children?: any}} given `children`: between what people say and what the file says */
export function Details({ editing, children }) {
  const asset = editing.asset.value
  const right = asset.rights ? asset.rights.includes('edit') : true
  const state = editing.state.value
  const facts = /** @type {Array<[string, any]>} */ ([
    [T.asset.file, [asset.format?.toUpperCase(), asset.width_px && `${number(asset.width_px)} × ${number(asset.height_px)}`, asset.size_bytes && size(asset.size_bytes)].filter(Boolean).join(', ')],
    [T.asset.taken, moment(asset.captured_at)],
    [T.asset.camera, typeof asset.camera === 'string' ? asset.camera : [asset.camera?.make, asset.camera?.model].filter(Boolean).join(' ')],
    [T.asset.gps, asset.gps && `${asset.gps.lat.toFixed(4)}, ${asset.gps.lon.toFixed(4)}`],
    [T.asset.checksum, asset.sha256 && html`<span class="mono small" title=${asset.sha256}>${asset.sha256.slice(0, 16)}…</span>`],
  ])
  return html`<div class="sec"><h2>${T.asset.details}<span class="grow"></span><span class="small dimmer" role="status">${state === 'idle' ? '' : T.asset.saving[state]}</span></h2><dl class="meta">
      <${WordsField} editing=${editing} field="skus" right=${right} />${asset.skus.length > 0 && html`<dt>${T.asset.product}</dt><dd class="flow wrap">${asset.skus.map((/** @type {string} */ sku) => html`<a class="link wordy" href=${href(['sku', sku])}>${T.asset.shots(sku)}</a>`)}</dd>`}<${TextField} editing=${editing} field="name" right=${right} /><${TextField} editing=${editing} field="title" right=${right} />
      <${TextField} editing=${editing} field="alt" isLong right=${right} /><${TextField} editing=${editing} field="description" isLong right=${right} /><${WordsField} editing=${editing} field="keywords" right=${right} />
      <${TextField} editing=${editing} field="shot_type" right=${right} /><${TextField} editing=${editing} field="position" kind="number" right=${right} /><${RatingField} editing=${editing} right=${right} />
      <dt>${T.collections.title}</dt><dd>${asset.collections.map((/** @type {any} */ one) => html`<a class="link block" href=${href(['library'], { in: one.id })}>${one.path || T.collections.all}</a>`)}</dd></dl></div>${children}
    <div class="sec"><h2>${T.asset.theFile}</h2><dl class="meta">${facts.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd class="num">${value}</dd>`)}</dl></div>
    <div class="sec"><h2>${T.asset.story}</h2><ul class="story">${asset.sources.map((/** @type {any} */ one) => html`<li><b class="strong">${T.asset.sources[one.kind] ?? one.kind}</b> <span class="dim cut" title=${one.path}>${one.path}</span>${one.because && html`<span class="small dim">${one.because}</span>`}</li>`)}
      <li class="dim" title=${moment(asset.created_at)}>${T.asset.came} ${when(asset.created_at)}</li>${asset.updated_at !== asset.created_at && html`<li class="dim" title=${moment(asset.updated_at)}>${T.asset.changed} ${when(asset.updated_at)}</li>`}
      ${asset.duplicate_of && html`<li><a class="link" href=${href(['asset', asset.duplicate_of])}>${T.asset.duplicate}</a></li>`}</ul></div>`
}
