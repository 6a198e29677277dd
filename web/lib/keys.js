// @ts-check
// Keys: one list of what each does, so that the sheet behind `?` is always true. Single keys can be switched off.
import { signal } from '../vendor/ui.js'

/** @typedef {{keys: string, does: string, where: string, act?: (event: KeyboardEvent) => void}} Shortcut */

/** Whether single keys act (WCAG 2.1.4). */
export const singleKeys = signal(localStorage.getItem('packshot.keys') !== 'off')
/** @type {Map<string, Shortcut>} */
const active = new Map()
let prefix = ''

/**
 * Let keys act until the returned function is called. `keys` is one key (`/`), or two in a row (`g l`).
 * @param {Shortcut[]} shortcuts
 */
export function shortcuts(shortcuts) {
  for (const one of shortcuts) active.set(one.keys, one)
  return () => { for (const one of shortcuts) if (active.get(one.keys) === one) active.delete(one.keys) }
}

/** What can be pressed now, for the sheet. */
export const listed = () => [...active.values()]

const writes = (/** @type {EventTarget | null} */ target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writes(event.target) || !singleKeys.value) return
  const pressed = prefix ? `${prefix} ${event.key}` : event.key
  const found = active.get(pressed)
  prefix = ''
  if (found?.act) { event.preventDefault(); found.act(event) }
  else if ([...active.keys()].some((keys) => keys.startsWith(`${event.key} `))) {
    prefix = event.key
    setTimeout(() => { prefix = '' }, 1500)
  }
})
