// @ts-check
// A decision is shown at once and sent five seconds later, so that it can be taken back; leaving the page sends it.
import { call, Refused } from '../lib/http.js'
import { expectChange } from '../lib/live.js'
import { T } from '../lib/text.js'
import { say, sayFailed } from './toast.js'

/** @typedef {import('../lib/reviews.js').Decision} Decision */
/** @typedef {{key: string, text: string, path: string, body: object, done: (told: any) => void, back: (isUndone: boolean) => void}} Held `back`: it was taken back, or refused */

export const HOLD_MS = 5000
const VERB = { approve: 'approve', reject: 'reject', request_changes: 'request-changes' }
/** Decided and not sent, the last one last. @type {Map<Held, {timer: number, hide: () => void}>} */
const held = new Map()

/** Where a decision on a version goes, and what it says there. @param {string} assetId @param {number} number @param {Decision} decision @param {string} note */
export const onVersion = (assetId, number, decision, note) => ({
  path: `/v1/assets/${assetId}/versions/${number}/${VERB[decision]}`, body: decision === 'reject' ? { reason: note } : note ? { note } : {},
})

/** Hold a decision, with the way back; it replaces one that is held of the same `key`. @param {Held} one */
export function hold(one) {
  for (const other of held.keys()) if (other.key === one.key) release(other)
  const hide = say({ text: one.text, undo: () => { takeBack(one) }, ms: HOLD_MS })
  held.set(one, { timer: setTimeout(() => send(one), HOLD_MS), hide })
}

/** @param {Held} one */
function release(one) {
  const known = held.get(one)
  clearTimeout(known?.timer)
  known?.hide()
  held.delete(one)
}

/** @param {Held} one */
function takeBack(one) {
  release(one)
  one.back(true)
}

/** Take the last decision back that was not sent; false when there is none. */
export function takeLastBack() {
  const last = [...held.keys()].at(-1)
  if (last) takeBack(last)
  return last !== undefined
}

/** Send all that is held now. */
export function sendAll(leaving = false) {
  for (const one of [...held.keys()]) send(one, leaving)
}
addEventListener('pagehide', () => sendAll(true))

/** @param {Held} one */
async function send(one, leaving = false) {
  release(one)
  try {
    one.done(await call('POST', one.path, { body: one.body, leaving }))
    expectChange()
  } catch (problem) {
    one.back(false)
    sayFailed(problem, problem instanceof Refused && problem.status > 0 && problem.status < 500 ? undefined : () => { send(one) })
  }
}
