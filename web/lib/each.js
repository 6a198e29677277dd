// @ts-check
// Do something to every selected asset, a few at a time, with progress; what failed is named and can be done again.
import { call } from './http.js'
import { holds } from './selection.js'

const AT_ONCE = 4, PAGE = 200

/** Ids of a selection, read from the result's snapshot when it is a rule. @param {import('./selection.js').Selection} chosen @param {string} q @param {string} [sort] */
export async function* idsOf(chosen, q, sort = '-uploaded') {
  if (!chosen.all) { yield* chosen.ids; return }
  let from = 0, snapshot = ''
  for (;;) {
    const found = await call('GET', '/v1/search', { query: { q, sort, limit: PAGE, from, snapshot } })
    snapshot = found.snapshot
    for (const item of found.items) if (holds(chosen, item.id)) yield item.id
    from += PAGE
    if (from >= found.total) return
  }
}

/**
 * @param {AsyncIterable<string>} ids @param {(id: string) => Promise<unknown>} act @param {(done: number) => void} progress
 * @returns {Promise<{done: string[], failed: Array<{id: string, problem: Error}>}>}
 */
export async function each(ids, act, progress) {
  /** @type {string[]} */
  const done = []
  /** @type {Array<{id: string, problem: Error}>} */
  const failed = []
  const lane = async (/** @type {AsyncIterator<string>} */ source) => {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const id = next.value
      try { await act(id); done.push(id) } catch (problem) { failed.push({ id, problem: /** @type {Error} */ (problem) }) }
      progress(done.length + failed.length)
    }
  }
  const source = ids[Symbol.asyncIterator]()
  await Promise.all(Array.from({ length: AT_ONCE }, () => lane(source)))
  return { done, failed }
}
