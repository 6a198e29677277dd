// @ts-check
// Theme and density: the system's choice unless this browser remembers another one.
import { effect, signal } from '../vendor/ui.js'

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
