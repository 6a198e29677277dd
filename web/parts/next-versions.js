// @ts-check
// The table of files that look like pictures the library has: for each, a new picture or the next version of that one.
import { html, useEffect, useState } from '../vendor/ui.js'
import { W } from '../lib/next-versions.js'
import { href } from '../lib/router.js'
import { T } from '../lib/text.js'
import { overall, queue } from '../lib/uploads.js'
import { Button, Icon } from './basics.js'
import { EvenRows } from './even-rows.js'

/** @typedef {import('../lib/uploads.js').Entry} Entry */

/** Kinds that browsers show; a larger file would be decoded whole for forty points of it. */
const SHOWN = /^image\/(jpeg|png|webp|gif|avif|bmp|svg\+xml)$/, MOST_SHOWN = 50_000_000

/** Files that wait for their choice. Sure ones begin as versions, all others as new pictures. */
export default function NextVersions() {
  const [said, setSaid] = useState(/** @type {Map<string, boolean>} */ (new Map()))
  const waiting = overall.value.entries.filter((one) => one.state === 'choice')
  if (!waiting.length) return null
  const isVersion = (/** @type {Entry} */ one) => said.get(one.key) ?? one.likely?.is_sure ?? false
  const all = (/** @type {boolean} */ wanted) => setSaid(new Map(waiting.map((one) => [one.key, wanted])))
  return html`<section class="list likely" aria-label=${W.title(waiting.length)}><header><div class="grow"><h2 aria-live="polite">${W.title(waiting.length)}</h2><p class="dim mid">${W.hint}</p></div>
    <${Button} kind="main" act=${() => queue.choose(waiting, isVersion)}>${W.send(waiting.length)}<//></header>
    ${waiting.length > 1 && html`<div class="lead flow wrap"><${Button} kind="small" act=${() => all(false)}>${W.allNew}<//><${Button} kind="small" act=${() => all(true)}>${W.allVersions}<//></div>`}
    <${EvenRows} many=${waiting.length} row=${(/** @type {number} */ at, /** @type {object} */ place) => html`<${Line} key=${waiting[at].key} one=${waiting[at]} place=${place} isVersion=${isVersion(waiting[at])} say=${(/** @type {boolean} */ wanted) => setSaid(new Map(said).set(waiting[at].key, wanted))} />`} /></section>`
}

/** A picture, or the sign of one where there is none to show. @param {{src?: string, title: string, failed?: () => void}} given */
const Picture = ({ src, title, failed }) => (src ? html`<img src=${src} alt="" title=${title} width="40" height="40" decoding="async" onError=${failed} />` : html`<span class="doc" title=${title}><${Icon} name="image" /></span>`)

/** The picture in a file of this machine, where the browser can show it. @param {{file: File}} given */
function Chosen({ file }) {
  const [src, setSrc] = useState('')
  useEffect(() => {
    if (!SHOWN.test(file.type) || file.size > MOST_SHOWN) return undefined
    const made = URL.createObjectURL(file)
    setSrc(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return html`<${Picture} src=${src} title=${W.chosen} failed=${() => setSrc('')} />`
}

/** @param {{one: Entry, place: object, isVersion: boolean, say: (wanted: boolean) => void}} given */
function Line({ one, place, isVersion, say }) {
  const { asset, because } = /** @type {import('../lib/next-versions.js').Likely} */ (one.likely)
  const name = one.path.split('/').at(-1) ?? one.path
  const choice = (/** @type {boolean} */ wanted, /** @type {string} */ word) => html`<label class="flow"><input type="radio" name=${`c-${one.key}`} checked=${isVersion === wanted} onChange=${() => say(wanted)} />${word}</label>`
  return html`<li class="up" ...${place}><div class="pair flow"><${Picture} src=${asset.thumb_url} title=${W.known} /><${Chosen} file=${one.file} /></div>
    <div><div class="cut strong" title=${one.path}>${name}</div><div class="small dim cut">${W.because[because]}: <a class="link" href=${href(['asset', asset.id])} target="_blank" rel="noopener">${asset.sku ?? asset.title ?? asset.name}</a></div></div>
    <div class="pick flow wrap" role="radiogroup" aria-label=${W.choice(name)}>${choice(false, W.asNew)}${choice(true, W.version((asset.newest_version ?? 1) + 1))}</div>
    <div class="acts"><${Button} kind="bare small" icon="x" label=${W.leave(name)} act=${() => queue.remove(one)} /></div></li>`
}
