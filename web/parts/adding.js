// @ts-check
// Putting pictures into a collection, from the selection bar or by dragging them onto the tree, into the trash or out of
// it; with progress and the way back. What is many is done by work that goes on without this page.
import { effect } from '../vendor/ui.js'
import { readCollections } from '../lib/collections.js'
import { each, idsOf } from '../lib/each.js'
import { call } from '../lib/http.js'
import { expectChange } from '../lib/live.js'
import { href } from '../lib/router.js'
import { asRule, count } from '../lib/selection.js'
import { counted, T } from '../lib/text.js'
import { begin, follow, jobs, undo, W, watched } from '../lib/work.js'
import { say, sayFailed } from './toast.js'

/** @typedef {{chosen: import('../lib/selection.js').Selection, q: string, total: number}} What */
/** With more than so many nobody waits for it. */
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
    else say({ text: `${pictures(done.length)} ${said}`, undo })
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
    goesOn(many, `${T.selection.adding} “${to.name}”.`)
  } catch (problem) { sayFailed(problem) }
}

const pictures = (/** @type {number} */ many) => counted(many, T.picture.one, T.picture.many)
const goesOn = (/** @type {number} */ many, /** @type {string} */ said) => say({ text: `${pictures(many)} ${said}`, act: { word: W.show, do: () => { location.hash = href(['work']) } } })

const away = (/** @type {string} */ id) => call('DELETE', `/v1/assets/${id}`), restore = (/** @type {string} */ id) => call('POST', `/v1/assets/${id}/restore`)
/** Into the trash, or out of it: one at once, several as one piece of work. @param {What} what @param {boolean} isOut @param {(words: string) => void} progress */
export async function trash(what, isOut, progress) {
  const many = count(what.chosen, what.total), said = isOut ? T.selection.restored : T.selection.trashed
  if (many === 1) return actOn(what, isOut ? { said, progress, act: restore, back: away } : { said, progress, act: away, back: restore })
  try {
    progress(T.selection.working(0, many))
    const id = await begin({ rule: asRule(what.chosen, what.q), many }, isOut ? { restore: true } : { trash: true })
    if (many > MANY) { goesOn(many, isOut ? T.selection.restoring : T.selection.trashing); return }
    await untilOver(id, many, progress, said)
    settled()
  } catch (problem) { sayFailed(problem) } finally { progress('') }
}

/** Watch work that others need not be told of, then say what it came to. @param {string} id @param {number} many @param {(words: string) => void} progress @param {string} said */
async function untilOver(id, many, progress, said) {
  watched.add(id)
  const leave = effect(() => { progress(T.selection.working(jobs.value.find((one) => one.id === id)?.done ?? 0, many)) })
  const job = await follow(id).finally(() => { leave(); watched.delete(id) })
  if (!job?.result) { sayFailed(job?.errors.at(-1)?.detail ?? W.failed); return }
  const { changed, refused } = job.result
  const back = changed ? () => { undo(id).then(follow).then(settled).catch(sayFailed) } : undefined
  if (refused) say({ text: `${T.selection.failed(refused)} ${job.errors[0].detail}`, failed: true, undo: back })
  else say({ text: `${pictures(changed)} ${said}`, undo: back })
}

function settled() {
  expectChange()
  readCollections().catch(sayFailed)
}

/** @param {string[]} ids */
async function* iterate(ids) { yield* ids }
