// @ts-check
// What is seen in a picture, apart from what people say of it: visual tags to judge, colours and shape, and what looks like it.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { shortcuts } from '../lib/keys.js'
import { writeTicked } from '../lib/query.js'
import { href, route } from '../lib/router.js'
import { judge, looksAtAll, nearness, offIn, sureness, W } from '../lib/sight.js'
import { KEYS } from '../lib/text.js'
import { Button, Trouble } from './basics.js'
import { facetName, valueName } from './facets.js'
import { Swatch } from './signs.js'
import { nameOf, Picture } from './tile.js'
import { say, sayFailed } from './toast.js'

/** The pictures of the library with one value. @param {string} field @param {string} value */
const found = (field, value) => href(['library'], { f: writeTicked({ [field]: [value] }) })

/** @param {{editing: import('../lib/editing.js').Editing}} given */
export default function Sight({ editing }) {
  const asset = editing.asset.value
  const shape = /** @type {const} */ (['background', 'orientation', 'aspect']).filter((field) => asset[field])
  return html`<section class="sec sight-of" aria-labelledby="seen"><h2 id="seen" tabindex="-1">${W.title}</h2><${Tags} editing=${editing} />
      ${(asset.colors.length > 0 || shape.length > 0) && html`<dl class="meta">${asset.colors.length > 0 && html`<dt>${W.color}</dt><dd class="flow wrap apart">${asset.colors.map((/** @type {any} */ one) => html`<a class="flow seen-color" key=${one.name} href=${found('color', one.name)}><${Swatch} hex=${one.hex} />${valueName('color', one.name)} <span class="dimmer num">${W.part(one.share)}</span></a>`)}</dd>`}
        ${shape.map((field) => html`<dt>${facetName(field)}</dt><dd><a href=${found(field, asset[field])}>${valueName(field, asset[field])}</a></dd>`)}</dl>`}</section>
    <${Similar} key=${`${asset.id} ${asset.shown_version}`} asset=${asset} />`
}

/** Visual tags, surest first. Where nobody looks it says so; where nothing was recognised, too. @param {{editing: import('../lib/editing.js').Editing}} given */
function Tags({ editing }) {
  const asset = editing.asset.value, tags = /** @type {import('../lib/sight.js').Tag[]} */ (asset.auto_tags)
  const [isOn, setOn] = useState(true), list = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => { looksAtAll().then(setOn, () => {}) }, [])
  const mayJudge = asset.rights.includes('edit') && asset.state === 'live'
  const off = isOn ? offIn(asset) : []
  const why = !isOn ? W.offAll : off.length ? W.off(off.map((path) => `“${path}”`).join(', ')) : ''
  /** @param {string} name @param {{accept?: string[], reject?: string[]}} body @param {string} text @param {() => Promise<unknown>} back */
  const act = async (name, body, text, back) => {
    const at = tags.findIndex((one) => one.name === name)
    try {
      await judge(editing, body)
      say({ text, undo: () => { back().catch(sayFailed) } })
      const rest = list.current?.querySelectorAll('li')
      const next = rest?.[Math.min(at, rest.length - 1)]?.querySelector('button') ?? document.getElementById('seen')
      next?.focus()
    } catch (problem) { sayFailed(problem) }
  }
  const accept = (/** @type {string} */ name) => act(name, { accept: [name] }, W.accepted(name), () => editing.set('keywords', editing.asset.value.keywords.filter((/** @type {string} */ one) => one !== name)))
  const reject = (/** @type {string} */ name) => act(name, { reject: [name] }, W.rejected(name), () => judge(editing, { allow: [name] }))
  return html`${tags.length > 0 && html`<p class="hint">${mayJudge ? W.by : W.readOnly}</p><ul class="guesses" aria-label=${W.tags} ref=${list}>${tags.map((tag) => html`<li class="flow" key=${tag.name}><a class="chip guess" href=${found('auto_tag', tag.name)} title=${W.find(tag.name)}><span class="cut">${tag.name}</span></a><span class="small dim">${sureness(tag)}</span><span class="grow"></span>
      ${mayJudge && html`<${Button} kind="small" label=${W.acceptOne(tag.name)} act=${() => { accept(tag.name) }}>${W.accept}<//><${Button} kind="bare small" label=${W.rejectOne(tag.name)} act=${() => { reject(tag.name) }}>${W.reject}<//>`}</li>`)}</ul>`}
    ${why ? html`<p class="hint">${why}${tags.length > 0 && ` ${W.kept}`}</p>` : !tags.length && html`<p class="hint">${asset.thumb_url ? W.none : W.noPicture}</p>`}`
}

/** What looks like it, nearest first, in a row. @param {{asset: any}} given */
function Similar({ asset }) {
  const [items, setItems] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const load = () => { setProblem(null); call('GET', `/v1/assets/${asset.id}/similar`).then((told) => setItems(told.items), setProblem) }
  useEffect(load, [])
  useLayoutEffect(() => shortcuts([{ keys: 's', does: W.toSimilar, where: KEYS.places.picture, act: () => (box.current?.querySelector('a') ?? document.getElementById('similar'))?.focus() }]), [])
  const top = () => { for (const one of ['.drawer', '.view']) document.querySelector(one)?.scrollTo(0, 0); /** @type {HTMLElement | null} */ (document.querySelector('.view h1'))?.focus() }
  const query = { ...route.value.query, v: undefined, with: undefined, as: undefined, comment: undefined, drawer: undefined }
  return html`<section class="sec alikes" aria-labelledby="similar" aria-busy=${items || problem ? undefined : 'true'}><h2 id="similar" tabindex="-1">${W.similar}${items && items.length > 0 && html`<span class="dimmer num">${items.length}</span>`}</h2>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : items && (items.length ? html`<ul class="alike" ref=${box} aria-labelledby="similar">${items.map((one) => html`<li key=${one.id}><a href=${href(['asset', one.id], query)} onClick=${() => setTimeout(top)}><${Picture} item=${one} isFast=${false} /><span class="cut small strong" title=${one.name}>${nameOf(one)}</span><span class="small dim">${nearness(one.distance)}</span></a></li>`)}</ul>`
    : html`<p class="hint">${W.noSimilar} ${W.noSimilarHint}</p>`)}</section>`
}
