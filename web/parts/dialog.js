// @ts-check
// A dialog for what needs an answer or cannot be undone. Escape and the safe button close it; focus goes back where it was.
import { html, useEffect, useRef } from '../vendor/ui.js'
import { Button } from './basics.js'
import { T } from '../lib/text.js'

/**
 * @param {{title: string, children?: any, close: () => void, act?: {word: string, do: () => void, kind?: string, why?: string, busy?: string | false}, safe?: string, cls?: string}} given `safe` is the word of the button that changes nothing
 */
export function Dialog({ title, children, close, act, safe = T.acts.cancel, cls = '' }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    if (!box.current?.querySelector('[autofocus]')) box.current?.querySelector('h2')?.focus()
    return () => { if (before instanceof HTMLElement) before.focus() }
  }, [])
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); event.stopPropagation(); if (act && !act.why) act.do() }
  return html`<dialog ref=${box} class=${`dialog ${cls}`} aria-label=${title} onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); close() }}
    onClick=${(/** @type {Event} */ event) => { if (event.target === box.current) close() }}>
    <form onSubmit=${submit}><h2 tabindex="-1">${title}</h2>${children}
    <footer><${Button} act=${close}>${safe}<//>${act && html`<${Button} act=${submit} kind=${act.kind ?? 'main'} type="submit" why=${act.why} busy=${act.busy}>${act.word}<//>`}</footer></form></dialog>`
}
