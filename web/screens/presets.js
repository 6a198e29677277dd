// @ts-check
// Presets: what a picture becomes on its way to a place; made, changed, deleted, and tried on a picture.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call, every } from '../lib/http.js'
import { asPreset, sayPreset, typed, W, wrongWith } from '../lib/presets.js'
import { T } from '../lib/text.js'
import { Badge, Button, Empty, Menu, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { Line, One, said } from '../parts/form.js'
import { nameOf } from '../parts/tile.js'
import { say, sayFailed } from '../parts/toast.js'

/** @typedef {import('../lib/presets.js').Preset} Preset */
const choices = (/** @type {Record<string, string>} */ words) => Object.entries(words).map(([value, word]) => ({ value, word }))
const MODES = choices(W.modes), FORMATS = choices(W.formats), SHOWN = 12, PAUSE_MS = 120

export default function Presets() {
  const [all, setAll] = useState(/** @type {Preset[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asked, setAsked] = useState(/** @type {{what: string, one?: any} | null} */ (null))
  const load = () => every('/v1/presets').then((found) => { setAll(found); setProblem(null) }, setProblem)
  useEffect(() => { load() }, [])
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  if (!all) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const close = () => setAsked(null)
  const remove = async (/** @type {Preset} */ one) => {
    close()
    try { await call('DELETE', `/v1/presets/${one.id}`, { etag: one.etag }); say({ text: W.removed(one.name) }) } catch (refused) { sayFailed(refused) }
    load()
  }
  return html`<section class="list" aria-label=${W.room}><header><h2>${W.room}</h2><span class="dimmer num grow">${all.length}</span><${Button} kind="main" icon="plus" act=${() => setAsked({ what: 'form' })}>${W.make}<//></header>
    ${all.length ? html`<ul>${all.map((one) => html`<li class="up" key=${one.id}><span class=${`frame is-${one.mode}`} aria-hidden="true"><i style=${`aspect-ratio:${one.width_px}/${one.height_px};${one.width_px > one.height_px ? 'width:100%' : 'height:100%'}`}></i></span><div><div class="cut strong">${one.name}</div><div class="small dim cut num">${sayPreset(one)}</div></div>
      <div class="pg">${one.channel && html`<${Badge} kind="is-none" glyph="store">${one.channel}<//>`}</div><div class="acts"><${Button} kind="small" label=${`${W.try}: ${one.name}`} act=${() => setAsked({ what: 'try', one })}>${W.try}<//>
      <${Menu} id=${`p-${one.id}`} label=${`${W.acts}: ${one.name}`} items=${[{ word: W.change, icon: 'gear', do: () => setAsked({ what: 'form', one }) }, { word: W.remove, icon: 'trash', kind: 'bad', do: () => setAsked({ what: 'remove', one }) }]} /></div></li>`)}</ul>` : html`<${Empty} icon="image" title=${W.none}><p class="dim">${W.noneHint}</p><//>`}</section>
    ${asked?.what === 'form' && html`<${Form} one=${asked.one} close=${close} done=${(/** @type {Preset} */ one) => { close(); say({ text: W.saved(one.name) }); load() }} />`}
    ${asked?.what === 'try' && html`<${Try} one=${asked.one} close=${close} />`}
    ${asked?.what === 'remove' && html`<${Dialog} title=${W.removeAsk(asked.one.name)} close=${close} act=${{ word: W.remove, kind: 'bad', do: () => remove(asked.one) }}><p class="dim">${W.removeHint}</p><//>`}`
}

/** @param {{one?: Preset, close: () => void, done: (saved: Preset) => void}} given */
function Form({ one, close, done }) {
  const [given, setGiven] = useState(typed(one)), [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false)
  const set = (/** @type {string} */ field) => (/** @type {string} */ text) => { const next = { ...given, [field]: text }; setGiven(next); if (Object.keys(why).length) setWhy(wrongWith(next)) }
  const save = async () => {
    const wrong = wrongWith(given)
    setWhy(wrong)
    if (Object.keys(wrong).length) { requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector('dialog [aria-invalid]'))?.focus()); return }
    setBusy(true)
    try { done(await (one ? call('PATCH', `/v1/presets/${one.id}`, { body: asPreset(given, false), etag: one.etag }) : call('POST', '/v1/presets', { body: asPreset(given, true) }))) } catch (refused) { setWhy(said(refused)); setBusy(false) }
  }
  return html`<${Dialog} title=${one ? one.name : W.make} close=${close} act=${{ word: one ? T.acts.save : T.acts.create, do: save, busy: isBusy && T.acts.saving }}>${why[''] && html`<p class="hint bad" role="alert">${why['']}</p>`}
    <${Line} id="p-name" label=${W.name} value=${given.name} set=${set('name')} why=${why.name} auto />
    <div class="pair"><${Line} id="p-width" type="number" label=${W.width} value=${given.width_px} set=${set('width_px')} why=${why.width_px} /><${Line} id="p-height" type="number" label=${W.height} value=${given.height_px} set=${set('height_px')} why=${why.height_px} /></div>
    <${One} id="p-mode" label=${W.mode} all=${MODES} value=${given.mode} set=${set('mode')} why=${why.mode} />
    <div class="pair"><${One} id="p-format" label=${W.format} all=${FORMATS} value=${given.format} set=${set('format')} why=${why.format} /><${Line} id="p-background" type="color" label=${W.background} value=${given.background} set=${set('background')} hint=${W.backgroundHint} why=${why.background} /></div>
    ${given.format !== 'png' && html`<${Line} id="p-quality" type="number" label=${W.quality} value=${given.quality} set=${set('quality')} hint=${W.qualityHint} why=${why.quality} />`}
    <${Line} id="p-weight" type="number" label=${W.weight} value=${given.max_kb} set=${set('max_kb')} hint=${W.weightHint} why=${why.max_bytes} /><${Line} id="p-file" label=${W.file} value=${given.file_name} set=${set('file_name')} hint=${W.fileHint} why=${why.file_name} />
    ${!one && html`<${Line} id="p-channel" label=${W.channel} value=${given.channel} set=${set('channel')} hint=${W.channelHint} why=${why.channel} />`}<//>`
}

/** Try a preset: find a picture, see what becomes of it or why not. @param {{one: Preset, close: () => void}} given */
function Try({ one, close }) {
  const [text, setText] = useState(''), [found, setFound] = useState(/** @type {any[] | null} */ (null)), [picture, setPicture] = useState(/** @type {any} */ (null))
  const [made, setMade] = useState(/** @type {any} */ (null)), [why, setWhy] = useState('')
  useEffect(() => {
    const control = new AbortController()
    const timer = setTimeout(() => { call('GET', '/v1/search', { query: { q: [text, 'type:image'].filter(Boolean).join(' '), limit: SHOWN }, signal: control.signal }).then((page) => setFound(page.items), () => setFound([])) }, PAUSE_MS)
    return () => { clearTimeout(timer); control.abort() }
  }, [text])
  const choose = async (/** @type {any} */ item) => {
    setPicture(item); setMade(null); setWhy('')
    try { setMade(await call('GET', `/v1/assets/${item.id}/download`, { query: { preset: one.id, redirect: false } })) } catch (refused) { setWhy(/** @type {Error} */ (refused).message) }
  }
  return html`<${Dialog} title=${W.tryOn(one.name)} close=${close} safe=${T.acts.close}><p class="dim num">${sayPreset(one)}</p>
    ${picture ? html`<figure class="tried">${made ? html`<img src=${made.url} alt=${nameOf(picture)} /><figcaption class="small dim num wordy" role="status">${W.made(made.file_name, made.size_bytes)}</figcaption>` : why ? html`<p class="bann is-bad" role="alert">${why}</p>` : html`<p class="dim" role="status">${W.making}</p>`}</figure>
      <div class="flow wrap"><${Button} act=${() => setPicture(null)}>${W.another}<//>${made && html`<a class="btn" href=${made.url} download=${made.file_name}>${W.load}</a>`}</div>`
    : html`<p class="hint">${W.tryHint}</p><div class="field"><input autofocus aria-label=${W.tryFind} placeholder=${W.tryFind} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></div>
      ${found && !found.length ? html`<p class="dim" role="status">${W.tryNone}</p>` : html`<ul class="picked">${(found ?? []).map((item) => html`<li key=${item.id}><button type="button" class="pic" aria-label=${nameOf(item)} title=${nameOf(item)} onClick=${() => choose(item)}>${item.thumb_url && html`<img src=${item.thumb_url} alt="" />`}</button></li>`)}</ul>`}`}<//>`
}
