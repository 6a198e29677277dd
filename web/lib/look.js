// @ts-check
// Theme and density: the system's choice unless this browser remembers another one; and the styles that one screen has.
import { effect, signal } from '../vendor/ui.js'
import { Refused } from './http.js'

const kept = (/** @type {string} */ name, /** @type {string} */ usual) => localStorage.getItem(`packshot.${name}`) ?? usual

/** `system`, `light` or `dark`. */
export const theme = signal(kept('theme', 'system'))
/** `small`, `medium` or `large`: the height of a row of pictures. */
export const density = signal(kept('density', 'medium'))

/** `grid` or `list`, unless the address says otherwise. */
export const view = signal(kept('view', 'grid'))

/** How far the guide of the first minutes is: a step, or `over`. */
export const guide = signal(kept('guide', '1'))

/** Lay theme and density over the page, now and whenever they change, and remember them. */
export function restoreLook() {
  effect(() => {
    const root = document.documentElement
    if (theme.value === 'system') delete root.dataset.theme
    else root.dataset.theme = theme.value
    root.dataset.density = density.value
    localStorage.setItem('packshot.theme', theme.value)
    localStorage.setItem('packshot.density', density.value)
    localStorage.setItem('packshot.view', view.value)
    localStorage.setItem('packshot.guide', guide.value)
  })
}

/** The stylesheets that were asked for. @type {Map<string, Promise<void>>} */
const sheets = new Map()

/** @param {string} name @returns {Promise<void>} */
function sheet(name) {
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `styles/${name}.css` })
    link.onload = () => done()
    link.onerror = () => { link.remove(); sheets.delete(name); failed(new Refused(0, {})) }
    document.head.append(link)
  })
}

/**
 * A screen with the stylesheet that only it needs, `styles/<name>.css`. Resolves when both are there, so that nobody sees
 * it without; a stylesheet that could not be read is asked for again with the screen.
 * @template Screen @param {string} name of the module, too @param {Promise<Screen>} screen @returns {Promise<Screen>}
 */
export async function dressed(name, screen) {
  if (!sheets.has(name)) sheets.set(name, sheet(name))
  const [found] = await Promise.all([screen, sheets.get(name)])
  return found
}
