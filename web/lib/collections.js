// @ts-check
// The tree of collections: read once, read again after every change of it.
import { computed, signal } from '../vendor/ui.js'
import { call, every } from './http.js'
import { may } from './session.js'

/** @typedef {{id: string, name: string, path: string, parent_id: string | null, has_children: boolean, asset_count: number, rights: string[], policy: object}} Collection */

export const collections = signal(/** @type {Collection[]} */ ([]))
export const byId = computed(() => new Map(collections.value.map((one) => [one.id, one])))
export const root = computed(() => collections.value.find((one) => one.parent_id === null))

/** Children by the parent's id, in the order of their names. */
export const children = computed(() => {
  /** @type {Map<string, Collection[]>} */
  const found = new Map()
  for (const one of collections.value) {
    if (one.parent_id === null) continue
    const parent = one.parent_id === 'root' ? (root.value?.id ?? 'root') : one.parent_id
    found.set(parent, [...(found.get(parent) ?? []), one])
  }
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
  for (const list of found.values()) list.sort((a, b) => order.compare(a.name, b.name))
  return found
})

/** Whether somebody may do this anywhere in the library. @param {string} right */
export const mayAnywhere = (right) => may(right) || collections.value.some((one) => one.rights.includes(right))
/** Whether they may with an asset, as far as its collections say; the API has the last word. @param {{collections?: Array<{id: string}>}} asset @param {string} right */
export const mayWith = (asset, right) => may(right) || (asset.collections ?? []).some((one) => byId.value.get(one.id)?.rights.includes(right))

export async function readCollections() {
  collections.value = await every('/v1/collections')
}

/** The way from the top to a collection's parent and below, for choosing a new place. @param {string} id */
export function within(id) {
  const found = new Set([id])
  for (const one of collections.value) if (one.parent_id && found.has(one.parent_id)) found.add(one.id)
  return found
}

/** @param {string} name @param {string | null} parentId @returns {Promise<Collection>} */
export async function makeCollection(name, parentId) {
  const made = await call('POST', '/v1/collections', { body: { name, ...(parentId ? { parent_id: parentId } : {}) } })
  await readCollections()
  return made
}

/** @param {string} id @param {{name?: string, parent_id?: string | null, policy?: object}} changes */
export async function changeCollection(id, changes) {
  await call('PATCH', `/v1/collections/${id}`, { body: changes })
  await readCollections()
}

/** Into the trash, or back from there with all that went with it. @param {string} id @param {boolean} away */
export async function trashCollection(id, away) {
  await call(away ? 'DELETE' : 'POST', `/v1/collections/${id}${away ? '' : '/restore'}`)
  await readCollections()
}
