// @ts-check
// What is selected, as a rule: everything of this result but some, or only some. Selecting 100,000 loads nothing.

/** @typedef {{all: boolean, ids: ReadonlySet<string>}} Selection `ids` are the chosen ones, or with `all` the exceptions. */

/** @type {Selection} */
export const nothing = { all: false, ids: new Set() }
/** @type {Selection} */
export const everything = { all: true, ids: new Set() }

/** @param {Selection} chosen @param {string} id */
export const holds = (chosen, id) => chosen.all !== chosen.ids.has(id)

/** @param {Selection} chosen @param {Iterable<string>} ids @param {boolean} on @returns {Selection} */
export function set(chosen, ids, on) {
  const next = new Set(chosen.ids)
  for (const id of ids) {
    if (chosen.all === on) next.delete(id)
    else next.add(id)
  }
  return { all: chosen.all, ids: next }
}

/** How many of a result of `total` are selected. @param {Selection} chosen @param {number} total */
export const count = (chosen, total) => (chosen.all ? Math.max(0, total - chosen.ids.size) : chosen.ids.size)

/** The selection as the API takes it. @param {Selection} chosen @param {string} q */
export const asRule = (chosen, q) => (chosen.all ? { q, except: [...chosen.ids] } : { ids: [...chosen.ids] })
