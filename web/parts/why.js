// @ts-check
// Asks why, as rejecting and asking for changes need it.
import { html, useState } from '../vendor/ui.js'
import { Dialog } from './dialog.js'

const SAYS = {
  first: 'Write a word first',
  reject: { title: (/** @type {string} */ name) => `Reject ${name}?`, act: 'Reject', label: 'Why', hint: 'Whoever brought it reads this. Enter sends it.' },
  request_changes: { title: (/** @type {string} */ name) => `What should change in ${name}?`, act: 'Request changes', label: 'What to change', hint: 'Whoever brought it reads this. Enter sends it.' },
}

/** Enter sends, Shift and Enter begin a new line.
 * @param {{decision: 'reject' | 'request_changes', name: string, close: () => void, decide: (note: string) => void}} given */
export default function Why({ decision, name, close, decide }) {
  const [note, setNote] = useState('')
  const words = SAYS[decision]
  const send = () => { if (note.trim()) decide(note.trim()) }
  const key = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send() } }
  return html`<${Dialog} title=${words.title(name)} close=${close} act=${{ word: words.act, do: send, why: note.trim() ? undefined : SAYS.first }}>
    <div class="stack"><label for="why">${words.label}</label><div class="field"><textarea id="why" rows="3" autofocus value=${note} onInput=${(/** @type {any} */ event) => setNote(event.target.value)} onKeyDown=${key}></textarea></div><p class="hint">${words.hint}</p></div><//>`
}
