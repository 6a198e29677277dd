// @ts-check
// Saved searches: one's own and the shared ones, each with how many pictures it finds.
import { signal } from '../vendor/ui.js'
import { call } from './http.js'

/** @typedef {{id: string, name: string, q: string, sort: string | null, shared: boolean, by: string, count: number | null, etag: string}} Saved */

export const searches = signal(/** @type {Saved[]} */ ([]))

export async function readSearches() {
  searches.value = (await call('GET', '/v1/searches')).items
}

/** @param {{name: string, q: string, sort?: string, shared: boolean}} given */
export async function saveSearch(given) {
  await call('POST', '/v1/searches', { body: given })
  await readSearches()
}

/** @param {Saved} one @param {Partial<Pick<Saved, 'name' | 'shared'>>} changes */
export async function changeSearch(one, changes) {
  await call('PATCH', `/v1/searches/${one.id}`, { body: changes, etag: one.etag })
  await readSearches()
}

/** @param {Saved} one */
export async function forgetSearch(one) {
  await call('DELETE', `/v1/searches/${one.id}`)
  await readSearches()
}
