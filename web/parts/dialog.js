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

/** A menu under a button, closed by Escape, a choice or a click elsewhere. Items are `{word, icon?, do, kind?, why?}`.
 * @param {{label: string, icon?: string, items: Array<{word: string, icon?: string, do: () => void, kind?: string, why?: string}>, id: string, kind?: string, children?: any}} given */
export function Menu({ label, icon = 'dots', items, id, kind = 'bare', children }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null))
  const step = (/** @type {KeyboardEvent} */ event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!move || !list.current) return
    event.preventDefault()
    const all = [...list.current.querySelectorAll('button')]
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    all[(at + move + all.length) % all.length]?.focus()
  }
  return html`<span class="menu-at"><button type="button" class=${`btn ${kind} ${children ? '' : 'icon'}`} aria-label=${children ? undefined : label} title=${label} popovertarget=${id} style=${`anchor-name:--${id}`}>
    ${children}<svg viewBox="0 0 16 16" aria-hidden="true"><use href=${`icons.svg#${icon}`} /></svg></button>
    <div id=${id} popover class="menu" role="menu" aria-label=${label} ref=${list} onKeyDown=${step} style=${`position-anchor:--${id}`}
      onToggle=${(/** @type {any} */ event) => { if (event.newState === 'open') list.current?.querySelector('button')?.focus() }}>
    ${items.map((one) => html`<button type="button" role="menuitem" class=${`btn bare ${one.kind ?? ''}`} aria-disabled=${one.why ? 'true' : undefined} title=${one.why}
      onClick=${() => { if (one.why) return; list.current?.hidePopover(); one.do() }}>${one.icon && html`<svg viewBox="0 0 16 16" aria-hidden="true"><use href=${`icons.svg#${one.icon}`} /></svg>`}${one.word}</button>`)}</div></span>`
}
