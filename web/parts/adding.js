// @ts-check
// Putting pictures into a collection, from the selection bar or by dragging them onto the tree, into the trash or out of
// it; with progress and the way back. Very many are put into a collection by work that goes on without this page.
import { readCollections } from '../lib/collections.js'
import { each, idsOf } from '../lib/each.js'
import { call } from '../lib/http.js'
import { expectChange } from '../lib/live.js'
import { href } from '../lib/router.js'
import { asRule, count } from '../lib/selection.js'
import { counted, T } from '../lib/text.js'
import { begin, W } from '../lib/work.js'
import { say, sayFailed } from './toast.js'

/** @typedef {{chosen: import('../lib/selection.js').Selection, q: string, total: number}} What */
/** With more than so many it becomes work of its own. */
const MANY = 500

/**
 * Do something to every selected picture and offer the way back.
 * @param {What} what
 * @param {{said: string, act: (id: string) => Promise<unknown>, back?: (id: string) => Promise<unknown>, progress?: (words: string) => void}} how
 */
async function actOn({ chosen, q, total }, { said, act, back, progress = () => {} }) {
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

/** @param {What} what @param {import('../lib/collections.js').Collection} to @param {(words: string) => void} [progress] */
export async function addTo(what, to, progress) {
  const many = count(what.chosen, what.total), said = `${T.selection.added} “${to.name}”.`
  if (many <= MANY) {
    return actOn(what, {
      said, progress, act: (id) => call('PUT', `/v1/collections/${to.id}/assets/${id}`), back: (id) => call('DELETE', `/v1/collections/${to.id}/assets/${id}`),
    })
  }
  try {
    await begin({ rule: asRule(what.chosen, what.q), many }, { add_to: to.id })
    say({ text: `${counted(many, T.picture.one, T.picture.many)} ${T.selection.adding} “${to.name}”.`, act: { word: W.show, do: () => { location.hash = href(['work']) } } })
  } catch (problem) { sayFailed(problem) }
}

const away = (/** @type {string} */ id) => call('DELETE', `/v1/assets/${id}`), restore = (/** @type {string} */ id) => call('POST', `/v1/assets/${id}/restore`)
/** Into the trash, or out of it. @param {What} what @param {boolean} isOut @param {(words: string) => void} progress */
export const trash = (what, isOut, progress) => actOn(what, isOut ? { said: T.selection.restored, progress, act: restore, back: away } : { said: T.selection.trashed, progress, act: away, back: restore })

function settled() {
  expectChange()
  readCollections().catch(sayFailed)
}

/** @param {string[]} ids */
async function* iterate(ids) { yield* ids }
