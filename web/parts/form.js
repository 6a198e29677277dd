// @ts-check
// Fields of a dialog: a label, a control, and what the API says against it.
import { html } from '../vendor/ui.js'
import { sayFailed } from './toast.js'

/** One thing to enter. `type` is an input's; or `lines`: several, one a line; or `json`: the text of a chosen file.
 * @param {{id: string, label: string, value: string, set: (value: string) => void, type?: string, hint?: string, why?: string, auto?: boolean, required?: boolean}} given */
export const Line = ({ id, label, value, set, type = 'text', hint, why, auto = false, required = false }) => {
  const told = why || hint, same = { id, required, 'aria-invalid': why ? 'true' : undefined, autofocus: auto, 'aria-describedby': told ? `${id}-said` : undefined }
  const typed = { ...same, value, onInput: (/** @type {any} */ event) => set(event.target.value) }
  const read = (/** @type {any} */ event) => event.target.files[0]?.text().then(set, sayFailed)
  return html`<div class="stack"><label for=${id}>${label}</label><div class=${`field ${why ? 'err' : ''}`}>${type === 'lines' ? html`<textarea rows="3" ...${typed}></textarea>`
    : type === 'json' ? html`<input type="file" accept=".json,application/json" ...${same} onChange=${read} />` : html`<input type=${type} ...${typed} />`}</div>
  ${told && html`<p class=${`hint ${why ? 'bad' : ''}`} id=${`${id}-said`} role=${why ? 'alert' : undefined}>${told}</p>`}</div>`
}

/** One of some. @param {{id: string, label: string, all: Array<{value: string, word: string}>, value: string, set: (value: string) => void, hint?: string, why?: string}} given */
export const One = ({ id, label, all, value, set, hint, why }) => html`<div class="stack"><label for=${id}>${label}</label><div class=${`field ${why ? 'err' : ''}`}><select id=${id} value=${value} aria-invalid=${why ? 'true' : undefined} aria-describedby=${why || hint ? `${id}-said` : undefined} onChange=${(/** @type {any} */ event) => set(event.target.value)}>${all.map((one) => html`<option key=${one.value} value=${one.value}>${one.word}</option>`)}</select></div>
  ${(why || hint) && html`<p class=${`hint ${why ? 'bad' : ''}`} id=${`${id}-said`} role=${why ? 'alert' : undefined}>${why || hint}</p>`}</div>`

/** Several of some. @param {{label: string, all: Array<{value: string, word: string}>, chosen: string[], set: (chosen: string[]) => void, hint?: string}} given */
export const Several = ({ label, all, chosen, set, hint }) => html`<fieldset class="stack"><legend>${label}</legend><div class="flow wrap apart">${all.map(({ value, word }) => html`<label class="facet" key=${value}>
  <input type="checkbox" checked=${chosen.includes(value)} onChange=${(/** @type {any} */ event) => set(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))} />${word}</label>`)}</div>${hint && html`<p class="hint">${hint}</p>`}</fieldset>`

/** The date of a day field as the moment it ends, or null. @param {string} day */
export const endOf = (day) => (day ? new Date(`${day}T23:59:59`).toISOString() : null)

/** The date of a day field as the moment it begins, or null. @param {string} day */
export const beginOf = (day) => (day ? new Date(`${day}T00:00:00`).toISOString() : null)
/** The day of a moment, here, as a day field has it; empty for none. @param {string | Date | null | undefined} moment */
export const dayOf = (moment) => (moment ? new Date(new Date(moment).getTime() - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 10) : '')

/** What a refusal says of each field. @param {any} problem @returns {Record<string, string>} */
export const said = (problem) => (Object.keys(problem.fields ?? {}).length ? problem.fields : { '': problem.message })
