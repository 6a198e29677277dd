// @ts-check
// Fields of a dialog: a label, a control, and what the API says against it.
import { html } from '../vendor/ui.js'

/** @param {{id: string, label: string, value: string, set: (value: string) => void, type?: string, hint?: string, why?: string, auto?: boolean, required?: boolean}} given */
export const Line = ({ id, label, value, set, type = 'text', hint, why, auto = false, required = false }) => html`<div class="stack"><label for=${id}>${label}</label>
  <div class=${`field ${why ? 'err' : ''}`}><input id=${id} type=${type} autofocus=${auto} required=${required} value=${value} aria-describedby=${hint || why ? `${id}-said` : undefined} onInput=${(/** @type {any} */ event) => set(event.target.value)} /></div>
  ${(hint || why) && html`<p class=${`hint ${why ? 'bad' : ''}`} id=${`${id}-said`} role=${why ? 'alert' : undefined}>${why || hint}</p>`}</div>`

/** Several of some. @param {{label: string, all: Array<{value: string, word: string}>, chosen: string[], set: (chosen: string[]) => void, hint?: string}} given */
export const Several = ({ label, all, chosen, set, hint }) => html`<fieldset class="stack"><legend>${label}</legend><div class="flow wrap">${all.map(({ value, word }) => html`<label class="facet" key=${value}>
  <input type="checkbox" checked=${chosen.includes(value)} onChange=${(/** @type {any} */ event) => set(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))} />${word}</label>`)}</div>${hint && html`<p class="hint">${hint}</p>`}</fieldset>`

/** The date of a day field as the moment it ends, or null. @param {string} day */
export const endOf = (day) => (day ? new Date(`${day}T23:59:59`).toISOString() : null)

/** What a refusal says of each field. @param {any} problem @returns {Record<string, string>} */
export const said = (problem) => (Object.keys(problem.fields ?? {}).length ? problem.fields : { '': problem.message })
