// @ts-check
// The queue of versions that wait for this person's decision: read page by page, kept in its order while somebody reviews.
import { computed, effect, signal } from '../vendor/ui.js'
import { call } from './http.js'
import { changedSince, toReview } from './live.js'
import { me } from './session.js'

/** @typedef {'approve' | 'reject' | 'request_changes'} Decision */
/** @typedef {{decision: Decision, state: 'held' | 'sent' | 'waits', sent?: Mine | null}} Mine `sent`: what a held one would change */
/**
 * One version in the queue. `mine` is what this person decided in this session; `gone`: somebody else decided it, or a
 * newer version took its place. Places never change while it is reviewed: what is new comes last.
 * @typedef {{key: string, requestId: string, assetId: string, version: number, by: string | null, at: string, due: string | null, note: string | null, approverIds: string[], rule: any, decisions: Array<{by: string, decision: Decision, note: string | null, at: string}>, mine: null | Mine, gone?: boolean}} Entry
 */

const PAGE = 50

export const entries = signal(/** @type {Entry[]} */ ([]))
/** Whether the first page was read, and whether there are more. */
export const isRead = signal(false)
export const hasMore = computed(() => cursor.value !== '')
export const problem = signal(/** @type {Error | null} */ (null))
const cursor = signal('')
/** Those that still wait for this person. */
export const open = computed(() => entries.value.filter((one) => !one.mine && !one.gone))

/** @param {{assetId: string, version: number}} one */
export const keyOf = ({ assetId, version }) => `${assetId}/${version}`

/** What a request asks of this person, of items that nobody has settled. @param {any} request @returns {Entry[]} */
export function asked(request, person = me.value?.principal.id) {
  return request.items.filter((/** @type {any} */ item) => item.state === 'open' && !item.decisions.some((/** @type {any} */ one) => one.by === person)).map((/** @type {any} */ item) => ({
    key: keyOf({ assetId: item.asset_id, version: item.version }), requestId: request.id, assetId: item.asset_id, version: item.version, by: request.by, at: request.at,
    due: request.due_at, note: request.note, approverIds: request.approver_ids, rule: request.rule, decisions: item.decisions, mine: null,
  }))
}

/**
 * The queue with what was just read of it. What this person decided stays; the rest is gone when it was not found again
 * and all was read. @param {Entry[]} before @param {Entry[]} found @param {boolean} isAll @returns {Entry[]}
 */
export function merged(before, found, isAll) {
  const fresh = new Map(found.map((one) => [one.key, one])), known = new Set(before.map((one) => one.key))
  const kept = before.map((one) => {
    const now = fresh.get(one.key)
    if (one.mine) return one
    return now ?? (isAll ? { ...one, gone: true } : one)
  })
  return [...kept, ...[...fresh.values()].filter((one) => !known.has(one.key))]
}

let turn = Promise.resolve()
/** Read the queue anew, as far as it was read; one reading after the other. */
export function readQueue() {
  turn = turn.then(async () => {
    try {
      /** @type {Entry[]} */
      const found = []
      let next = ''
      do { next = await page(next, found) } while (next && found.length < open.value.length)
      cursor.value = next
      entries.value = merged(entries.value, found, !next)
      isRead.value = true
      problem.value = null
    } catch (failed) { problem.value = /** @type {Error} */ (failed) }
  })
  return turn
}

/** Read one more page, if there is one. */
export function readMore() {
  turn = turn.then(async () => {
    if (!cursor.value) return
    try {
      /** @type {Entry[]} */
      const found = []
      cursor.value = await page(cursor.value, found)
      entries.value = merged(entries.value, found, false)
    } catch (failed) { problem.value = /** @type {Error} */ (failed) }
  })
  return turn
}

/** @param {string} from @param {Entry[]} found @returns {Promise<string>} the next page's cursor, empty for none */
async function page(from, found) {
  const said = await call('GET', '/v1/approvals', { query: { assigned: 'me', state: 'open', limit: PAGE, cursor: from } })
  for (const request of said.items) found.push(...asked(request))
  return said.next ?? ''
}

/** Change one version of the queue. @param {string} key @param {Partial<Entry>} changes */
export function note(key, changes) {
  entries.value = entries.value.map((one) => (one.key === key ? { ...one, ...changes } : one))
}

/** Take those out that need no look any more. */
export function tidy() { entries.value = open.value }

let isWatched = false
/** Keep the queue and the count beside its name up, for as long as the app is open. */
export function watchQueue() {
  if (isWatched) return
  isWatched = true
  effect(() => { changedSince.value; readQueue() })
  effect(() => { toReview.value = open.value.length ? `${open.value.length}${hasMore.value ? '+' : ''}` : '' })
}
