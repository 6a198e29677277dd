// @ts-check
// What can be pressed here, read from the shortcuts that are active: the sheet cannot be out of date.
import { html } from '../vendor/ui.js'
import { listed, singleKeys } from '../lib/keys.js'
import { closeSheet } from '../lib/router.js'
import { KEYS, T } from '../lib/text.js'
import { Dialog } from '../parts/dialog.js'

export default function KeysSheet() {
  const places = Object.groupBy(listed(), (one) => one.where)
  const toggle = (/** @type {Event} */ event) => {
    singleKeys.value = /** @type {HTMLInputElement} */ (event.target).checked
    localStorage.setItem('packshot.keys', singleKeys.value ? 'on' : 'off')
  }
  return html`<${Dialog} title=${T.acts.help} close=${closeSheet} safe=${T.acts.close}>
    ${Object.entries(places).map(([where, keys]) => html`<h3 class="dimmer small">${where}</h3><dl class="keys">${(keys ?? []).map((one) => html`<dt>${one.keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${one.does}</dd>`)}</dl>`)}
    <label class="flow mid"><input type="checkbox" checked=${singleKeys.value} onChange=${toggle} />${KEYS.single}</label><//>`
}
