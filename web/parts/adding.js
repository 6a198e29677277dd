// @ts-check
// Putting pictures into a collection, from the selection bar or by dragging them onto the tree; with progress and the way back.
import { signal } from '../vendor/ui.js'
import { readCollections } from '../lib/collections.js'
import { each, idsOf } from '../lib/each.js'
import { call } from '../lib/http.js'
import { expectChange } from '../lib/live.js'
import { count } from '../lib/selection.js'
import { counted, T } from '../lib/text.js'
import { say, sayFailed } from './toast.js'

/** @typedef {import('../lib/selection.js').Selection} Selection */

/** What is being dragged: pictures of this result. */
export const carried = signal(/** @type {{chosen: Selection, q: string, total: number} | null} */ (null))
/** The kind of a drag that carries pictures of the library. */
export const CARRIED = 'application/x-packshot-pictures'

/**
 * Do something to every selected picture and offer the way back.
 * @param {{chosen: Selection, q: string, total: number}} what
 * @param {{said: string, act: (id: string) => Promise<unknown>, back?: (id: string) => Promise<unknown>, progress?: (words: string) => void}} how
 */
export async function actOn({ chosen, q, total }, { said, act, back, progress = () => {} }) {
  const many = count(chosen, total)
  try {
    progress(T.selection.working(0, many))
    const { done, failed } = await each(/** @type {AsyncIterable<string>} */ (idsOf(chosen, q)), act, (at) => progress(T.selection.working(at, many)))
    const undo = back && done.length ? () => { each(iterate(done), back, () => {}).then(settled, sayFailed) } : undefined
    if (failed.length) sayFailed(`${T.selection.failed(failed.length)} ${failed[0].problem.message}`)
    else say({ text: `${counted(done.length, T.picture.one, T.picture.many)} ${said}`, undo })
    settled()
  } catch (problem) { sayFailed(problem) } finally { progress('') }
}

/** @param {{chosen: Selection, q: string, total: number}} what @param {import('../lib/collections.js').Collection} to @param {(words: string) => void} [progress] */
export const addTo = (what, to, progress) => actOn(what, {
  said: `${T.selection.added} “${to.name}”.`, progress,
  act: (id) => call('PUT', `/v1/collections/${to.id}/assets/${id}`), back: (id) => call('DELETE', `/v1/collections/${to.id}/assets/${id}`),
})

function settled() {
  expectChange()
  readCollections().catch(sayFailed)
}

/** @param {string[]} ids */
async function* iterate(ids) { yield* ids }
