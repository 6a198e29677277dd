// @ts-check
// The versions of a picture, newest first; choosing one shows it on the stage, and a new one can be added here.
import { html, useRef } from '../vendor/ui.js'
import { change } from '../lib/router.js'
import { T, when } from '../lib/text.js'
import { APPROVAL, Badge, Button } from './basics.js'
import { queue } from '../lib/uploads.js'

/** @param {{asset: any, versions: any[], shown: any, reload: () => void}} given */
export function Versions({ asset, versions, shown, reload }) {
  const file = useRef(/** @type {HTMLInputElement | null} */ (null))
  const add = (/** @type {Event} */ event) => {
    const chosen = /** @type {HTMLInputElement} */ (event.target).files?.[0]
    if (chosen) queue.add([{ file: chosen, path: chosen.name }], { assetId: asset.id, done: reload })
  }
  return html`<nav class="strip" aria-label=${T.asset.versions}>${versions.map((one) => {
    const state = APPROVAL[one.approval] ?? APPROVAL.none
    return html`<button type="button" key=${one.number} class=${`ver ${one === shown ? 'on' : ''}`} aria-current=${one === shown ? 'true' : undefined} onClick=${() => change({ v: one.number === asset.shown_version ? undefined : String(one.number) }, { replace: true })}>
      ${one.thumb_url && html`<img src=${one.thumb_url} alt="" />`}<span class="stack tight"><span class="flow"><b class="strong">v${one.number}</b><${Badge} kind=${state.cls} glyph=${state.glyph}>${state.word}<//></span>
      <span class="dim">${[one.note, when(one.at), one.number === asset.shown_version && versions.length > 1 ? T.asset.shown : ''].filter(Boolean).join(', ')}</span></span></button>`
  })}<span class="grow"></span><input type="file" class="vh" ref=${file} tabindex="-1" aria-hidden="true" onChange=${add} /><${Button} icon="upload" label=${T.asset.newVersion} act=${() => file.current?.click()}><span class="hide-s">${T.asset.newVersion}</span><//></nav>`
}
