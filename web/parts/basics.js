// @ts-check
// The smallest parts: icon, button, menu, state, progress, and what stands in for a part that is empty, loading or failed.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { T } from '../lib/text.js'

/** A picture of an act or a thing beside a word; `label` only where no word stands beside it.
 * @param {{name: string, label?: string, cls?: string}} given */
export const Icon = ({ name, label, cls = '' }) => html`<svg class=${cls} viewBox="0 0 16 16" role=${label ? 'img' : undefined}
  aria-label=${label} aria-hidden=${label ? undefined : 'true'}><use href=${`icons.svg#${name}`} /></svg>`

/** A button that does something. `main` is the one loud button of a screen. `why` says why it is not possible now.
 * @param {{act: (event: Event) => void, children?: any, icon?: string, label?: string, kind?: string, keys?: string, busy?: string | false, why?: string, pressed?: boolean, id?: string, type?: string}} given */
export const Button = ({ act, children, icon, label, kind = '', keys, busy = false, why, pressed, id, type = 'button' }) => html`<button
  type=${type} id=${id} class=${`btn ${kind} ${icon && !children ? 'icon' : ''} ${pressed ? 'on' : ''}`} aria-label=${label} title=${why ?? label}
  aria-disabled=${why || busy ? 'true' : undefined} aria-pressed=${pressed} onClick=${(/** @type {Event} */ event) => { if (type === 'submit') return; if (!why && !busy) act(event) }}>
  ${icon && html`<${Icon} name=${icon} />`}${busy || children}${keys && html`<kbd aria-hidden="true">${keys}</kbd>`}</button>`

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

/** The states of approval: shape, colour and word, told apart without colour. */
export const APPROVAL = /** @type {Record<string, {glyph: string, cls: string, word: string}>} */ ({
  none: { glyph: 's-none', cls: 'is-none', word: 'Not asked' },
  pending: { glyph: 's-wait', cls: 'is-wait', word: 'Pending' },
  approved: { glyph: 's-ok', cls: 'is-ok', word: 'Approved' },
  changes_requested: { glyph: 's-redo', cls: 'is-redo', word: 'Changes asked' },
  rejected: { glyph: 's-bad', cls: 'is-bad', word: 'Rejected' },
})

/** @param {{state: string | null}} given */
export const ApprovalGlyph = ({ state }) => {
  const shown = APPROVAL[state ?? 'none'] ?? APPROVAL.none
  return html`<${Icon} name=${shown.glyph} label=${shown.word} cls=${`g ${shown.cls}`} />`
}

/** @param {{kind: string, glyph: string, children?: any}} given */
export const Badge = ({ kind, glyph, children }) => html`<span class=${`badge ${kind}`}><${Icon} name=${glyph} />${children}</span>`

/** A thin line that is filled as far as something is done; `part` 0..1. @param {{part: number, kind?: string, label: string}} given */
export const Progress = ({ part, kind = '', label }) => html`<progress class=${`thin ${kind}`} max="1" value=${part} aria-label=${label}></progress>`

/** In place of something that is not there: what belongs here, one act, one other way.
 * @param {{icon: string, title: string, children?: any, level?: string}} given `level`: h1 where it is the whole screen */
export const Empty = ({ icon, title, children, level = 'h2' }) => html`<section class="empty"><${Icon} name=${icon} /><${level}>${title}<//>${children}</section>`

/** In place of a part that failed: what did not work and one way on; the rest of the page stays usable.
 * @param {{problem: Error, again?: () => void, level?: string}} given */
export const Trouble = ({ problem, again, level = 'h2' }) => html`<section class="empty" role="alert"><${Icon} name="warn" /><${level}>${T.trouble.title}<//>
  <p class="dim">${problem.message}</p>${again && html`<${Button} act=${again} icon="retry">${T.acts.retry}<//>`}</section>`

/** A screen, or with `bare` a part of one, that is fetched when it is first needed. `failed` is told instead of a sign in its place.
 * @param {{load: () => Promise<{default: any}>, bare?: boolean, failed?: (problem: Error) => void} & Record<string, any>} given */
export function Lazy({ load, bare, failed, ...rest }) {
  const [Part, setPart] = useState(/** @type {any} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const fetch = () => { setProblem(null); load().then((found) => setPart(() => found.default), failed ?? setProblem) }
  useEffect(fetch, [])
  if (problem) return bare ? html`<${Trouble} problem=${problem} again=${fetch} />` : html`<main class="room whole"><${Trouble} level="h1" problem=${problem} again=${fetch} /></main>`
  return Part ? html`<${Part} ...${rest} />` : bare ? null : html`<main class="room whole" aria-busy="true"></main>`
}
