// @ts-check
// The versions of a picture, newest first; choosing one shows it on the stage, and a new one can be added here.
import { html, useRef } from '../vendor/ui.js'
import { change, route } from '../lib/router.js'
import { T, when } from '../lib/text.js'
import { APPROVAL, Badge, Button } from './basics.js'

/** What a version is: its number, what is decided of it, whether everyone sees it. @param {{one: any, asset: any, state?: string}} given `state`: what was decided of it just now */
export const VersionHead = ({ one, asset, state }) => {
  const known = APPROVAL[state ?? one.approval] ?? APPROVAL.none
  return html`<b class="strong">v${one.number}</b><${Badge} kind=${known.cls} glyph=${known.glyph}>${known.word}<//>${one.number === asset.shown_version && html`<span class="dim hide-s cut">${T.asset.shown}</span>`}`
}

/** Add a new version from a file. @param {{asset: any, reload: () => void}} given */
export function AddVersion({ asset, reload }) {
  const file = useRef(/** @type {HTMLInputElement | null} */ (null))
  const add = async (/** @type {Event} */ event) => {
    const chosen = /** @type {HTMLInputElement} */ (event.target).files?.[0]
    if (!chosen) return
    const { queue } = await import('../lib/uploads.js')
    queue.add([{ file: chosen, path: chosen.name }], { assetId: asset.id, done: reload })
  }
  return html`<input type="file" class="vh" ref=${file} tabindex="-1" aria-hidden="true" onChange=${add} /><${Button} icon="upload" label=${T.asset.newVersion} act=${() => file.current?.click()}><span class="hide-s">${T.asset.newVersion}</span><//>`
}

/** @param {{asset: any, versions: any[], shown: any, reload: () => void, made: Map<number, string>}} given `made`: what was decided just now, by version */
export function Versions({ asset, versions, shown, reload, made }) {
  const { drawer } = route.value.query
  return html`<nav class="strip" aria-label=${T.asset.versions}>${versions.map((one) => {
    const state = APPROVAL[made.get(one.number) ?? one.approval] ?? APPROVAL.none
    return html`<button type="button" key=${one.number} class=${`ver ${one === shown ? 'on' : ''}`} aria-current=${one === shown ? 'true' : undefined} onClick=${() => change({ v: one.number === asset.shown_version ? undefined : String(one.number) }, { replace: true })}>
      ${one.thumb_url && html`<img src=${one.thumb_url} alt="" />`}<span class="stack tight"><span class="flow"><b class="strong">v${one.number}</b><${Badge} kind=${state.cls} glyph=${state.glyph}>${state.word}<//></span>
      <span class="dim">${[one.note, when(one.at), one.number === asset.shown_version && versions.length > 1 ? T.asset.shown : ''].filter(Boolean).join(', ')}</span></span></button>`
  })}<span class="acts">${versions.length > 0 && html`<${Button} icon="list" label=${T.asset.history} pressed=${drawer === 'versions'} act=${() => change({ drawer: drawer === 'versions' ? undefined : 'versions' }, { replace: true })}><span class="hide-s">${T.asset.history}</span><//>`}<${AddVersion} asset=${asset} reload=${reload} /></span></nav>`
}
