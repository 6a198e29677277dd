// @ts-check
// Keys: one list of what each does, so that the sheet behind `?` is always true. Single keys can be switched off.
import { signal } from '../vendor/ui.js'

/** @typedef {{keys: string, does: string, where: string, act?: (event: KeyboardEvent) => void}} Shortcut */

/** Whether keys that are one character act (WCAG 2.1.4). */
export const singleKeys = signal(localStorage.getItem('packshot.keys') !== 'off')
/** @type {Map<string, Shortcut>} */
const active = new Map()
const changes = signal(0)
let prefix = ''

/**
 * Let keys act until the returned function is called. `keys` is one key (`/`), or two in a row (`g l`).
 * @param {Shortcut[]} shortcuts
 */
export function shortcuts(shortcuts) {
  for (const one of shortcuts) active.set(one.keys, one)
  changes.value += 1
  return () => {
    for (const one of shortcuts) if (active.get(one.keys) === one) active.delete(one.keys)
    changes.value += 1
  }
}

/** What can be pressed now, for the sheet; a component that reads it is drawn anew when that changes. */
export const listed = () => { changes.value; return [...active.values()] }

/** Only characters can be switched off; arrows and Escape are no surprise to anybody. */
const isOff = (/** @type {string} */ key) => key.length === 1 && !singleKeys.value
/** While a dialog or a menu is open, keys are its own. */
const isCovered = () => document.querySelector('dialog[open], [popover]:popover-open') !== null

const writes = (/** @type {EventTarget | null} */ target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=range]), textarea, select'))

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writes(event.target) || isOff(event.key) || isCovered()) return
  const pressed = prefix ? `${prefix} ${event.key}` : event.key
  const found = active.get(pressed)
  prefix = ''
  if (found?.act) { event.preventDefault(); found.act(event) }
  else if ([...active.values()].some((one) => one.act && one.keys.startsWith(`${event.key} `))) {
    prefix = event.key
    setTimeout(() => { prefix = '' }, 1500)
  }
})
