// @ts-check
// One bar at the foot that says what happened and offers the way back; never two at once. Failures stay until answered.
import { html, signal, useEffect } from '../vendor/ui.js'
import { KEYS, T } from '../lib/text.js'
import { shortcuts } from '../lib/keys.js'
import { Button } from './basics.js'

/** @typedef {{text: string, undo?: () => void, act?: {word: string, do: () => void}, failed?: boolean, ms?: number}} Toast `ms`: how long it stays */

const current = signal(/** @type {Toast | null} */ (null))
const SHOWN_MS = 8000
let timer = 0

/** Say what happened; the answer takes it away, unless something else is said by then. @param {Toast} toast */
export function say(toast) {
  clearTimeout(timer)
  current.value = toast
  if (!toast.failed) wait()
  return () => { if (current.value === toast) dismiss() }
}

/** Say that something failed, in the API's own words. @param {unknown} problem @param {() => void} [again] */
export function sayFailed(problem, again) {
  if (problem instanceof DOMException && problem.name === 'AbortError') return
  const text = problem instanceof Error ? problem.message : String(problem)
  say({ text, failed: true, act: again && { word: T.acts.retry, do: again } })
}

const wait = () => { clearTimeout(timer); timer = setTimeout(dismiss, current.value?.ms ?? SHOWN_MS) }
const dismiss = () => { current.value = null }

export function ToastBar() {
  const toast = current.value
  const undo = toast?.undo
  useEffect(() => (undo ? shortcuts([{ keys: 'u', does: T.acts.undo, where: KEYS.places.change, act: () => { dismiss(); undo() } }]) : undefined), [undo])
  return html`<div class="toasts" role=${toast?.failed ? 'alert' : 'status'}>${toast && html`<div class="toast"
    onMouseEnter=${() => clearTimeout(timer)} onMouseLeave=${() => !toast.failed && wait()}
    onFocusIn=${() => clearTimeout(timer)} onFocusOut=${() => !toast.failed && wait()}>
    <span>${toast.text}</span>
    ${toast.undo && html`<${Button} act=${() => { dismiss(); toast.undo?.() }} keys="U">${T.acts.undo}<//>`}
    ${toast.act && html`<${Button} act=${() => { dismiss(); toast.act?.do() }}>${toast.act.word}<//>`}
    <${Button} act=${dismiss} kind="bare" icon="x" label=${T.acts.close} /></div>`}</div>`
}
