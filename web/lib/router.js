// @ts-check
// The address is the truth for what is shown: `#/library?q=…&asset=…`. Screens read `route`, links are plain `href`s.
import { computed, signal } from '../vendor/ui.js'

/** @typedef {{path: string[], query: Record<string, string>}} Route */

/** @param {string} hash @returns {Route} */
export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: Object.fromEntries(new URLSearchParams(query)) }
}

/** @param {string[]} path @param {Record<string, string | undefined>} [query] */
export function href(path, query = {}) {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) asked.set(name, value)
  const text = asked.toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`
}

const hash = signal(location.hash)
for (const event of ['hashchange', 'popstate']) addEventListener(event, () => { hash.value = location.hash })

/** Where we are. */
export const route = computed(() => parse(hash.value))

/**
 * Go somewhere; `replace` leaves no step to come back to. `over` marks what lies over the present screen: `leave` then
 * steps back to it.
 * @param {string} to
 * @param {{replace?: boolean, over?: boolean}} [options]
 */
export function go(to, { replace = false, over = false } = {}) {
  if (replace || to === location.hash) history.replaceState(history.state, '', to)
  else history.pushState(over ? { over } : null, '', to)
  hash.value = location.hash
}

/**
 * Change some of the query and keep the rest; undefined or empty removes.
 * @param {Record<string, string | undefined>} changes
 * @param {{replace?: boolean, over?: boolean}} [options]
 */
export function change(changes, options) {
  go(href(route.value.path, { ...route.value.query, ...changes }), options)
}

/** Leave what lies over another screen: one step back if it was opened from there, else to where it belongs. @param {string} otherwise */
export function leave(otherwise) {
  if (history.state?.over) history.back()
  else go(otherwise, { replace: true })
}

/** Open a sheet over the screen, by name; Back closes it. @param {string} name */
export const openSheet = (name) => change({ sheet: name }, { over: true })
export const closeSheet = () => leave(href(route.value.path, { ...route.value.query, sheet: undefined }))
