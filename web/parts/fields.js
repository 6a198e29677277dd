// @ts-check
// Fields that look like text until touched, save when left, and say what was wrong.
import { html, useEffect, useState } from '../vendor/ui.js'
import { T } from '../lib/text.js'
import { Button, Icon } from './basics.js'
import { say, sayFailed } from './toast.js'

/** @typedef {import('../lib/editing.js').Editing} Editing */

/** @param {Editing} editing @param {string} field @param {unknown} value */
async function save(editing, field, value) {
  try {
    const back = await editing.set(field, value)
    if (back) say({ text: T.asset.saved(T.asset.fields[field] ?? field), undo: () => { back().catch(sayFailed) } })
  } catch (problem) { sayFailed(problem, () => { save(editing, field, value) }) }
}

/** What stands under a field: why it was refused, or both values when somebody else changed it. @param {{editing: Editing, field: string}} given */
function Under({ editing, field }) {
  const refused = editing.refused.value, clash = editing.clash.value
  if (refused?.field === field) return html`<p class="hint bad" role="alert"><${Icon} name="warn" />${refused.why}</p>`
  if (clash?.field !== field) return null
  return html`<div class="bann is-redo" role="alert"><${Icon} name="s-redo" /><div class="stack"><span>${T.asset.clash}</span><span><b>${T.asset.theirs}</b> ${said(clash.theirs)}</span><span><b>${T.asset.mine}</b> ${said(clash.mine)}</span>
    <span class="flow"><${Button} act=${() => editing.decide(false)} kind="small">${T.asset.keepTheirs}<//><${Button} act=${() => editing.decide(true)} kind="small">${T.asset.keepMine}<//></span></div></div>`
}

/** @param {unknown} value */
const said = (value) => (Array.isArray(value) ? value.join(', ') : String(value ?? T.asset.none))

/** One line or several. @param {{editing: Editing, field: string, isLong?: boolean, kind?: string, right?: boolean}} given */
export function TextField({ editing, field, isLong = false, kind = 'text', right = true }) {
  const stored = editing.asset.value[field] ?? ''
  const [text, setText] = useState(String(stored))
  useEffect(() => { if (editing.unsaved.value !== field) setText(String(stored)) }, [stored])
  const leave = () => { save(editing, field, text.trim() === '' ? null : kind === 'number' ? Number(text) : text.trim()) }
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') { event.stopPropagation(); setText(String(stored)); /** @type {HTMLElement} */ (event.target).blur() }
    if (event.key === 'Enter' && !isLong) /** @type {HTMLElement} */ (event.target).blur()
  }
  const name = T.asset.fields[field] ?? field
  if (!right) return html`<dt>${name}</dt><dd>${stored || html`<span class="dimmer">${T.asset.none}</span>`}</dd>`
  return html`<dt><label for=${`f-${field}`}>${name}</label></dt><dd>${isLong
    ? html`<textarea id=${`f-${field}`} class="quiet" rows="2" value=${text} placeholder=${T.asset.add} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onBlur=${leave} onKeyDown=${key}></textarea>`
    : html`<input id=${`f-${field}`} class="quiet" type=${kind} value=${text} placeholder=${T.asset.add} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onBlur=${leave} onKeyDown=${key} />`}<${Under} editing=${editing} field=${field} /></dd>`
}

/** A list of words as chips; Enter or a comma adds, Backspace in the empty field takes the last one away.
 * @param {{editing: Editing, field: string, right?: boolean}} given */
export function WordsField({ editing, field, right = true }) {
  const words = /** @type {string[]} */ (editing.asset.value[field] ?? [])
  const [text, setText] = useState('')
  const name = T.asset.fields[field] ?? field
  const add = () => {
    const more = text.split(',').map((word) => word.trim()).filter((word) => word && !words.includes(word))
    setText('')
    if (more.length) save(editing, field, [...words, ...more])
  }
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' || event.key === ',') { event.preventDefault(); add() }
    else if (event.key === 'Backspace' && !text && words.length) save(editing, field, words.slice(0, -1))
    else if (event.key === 'Escape' && text) { event.stopPropagation(); setText('') }
  }
  return html`<dt>${right ? html`<label for=${`f-${field}`}>${name}</label>` : name}</dt><dd><span class="flow wrap words">${words.map((word) => html`<span class="chip word" key=${word}><span class="cut">${word}</span>${right && html`<button type="button" aria-label=${`${T.search.drop} ${word}`} onClick=${() => save(editing, field, words.filter((one) => one !== word))}><${Icon} name="x" /></button>`}</span>`)}
    ${right && html`<input id=${`f-${field}`} class="quiet" value=${text} placeholder=${T.asset.add} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onKeyDown=${key} onBlur=${add} />`}</span><${Under} editing=${editing} field=${field} /></dd>`
}

/** Nought to five stars, by pointer or arrow keys. @param {{editing: Editing, right?: boolean}} given */
export function RatingField({ editing, right = true }) {
  const stored = editing.asset.value.rating ?? 0
  return html`<dt id="rating">${T.asset.fields.rating}</dt><dd><span class="flow stars" role="radiogroup" aria-labelledby="rating">${[1, 2, 3, 4, 5].map((stars) => html`<label class=${stars <= stored ? 'on' : ''}><input class="vh" type="radio" name="stars" disabled=${!right} checked=${stars === stored}
    aria-label=${T.asset.stars(stars)} onClick=${() => save(editing, 'rating', stars === stored ? null : stars)} /><span aria-hidden="true">★</span></label>`)}</span></dd>`
}
