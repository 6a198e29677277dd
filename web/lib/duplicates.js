// @ts-check
// The inbox of near duplicates: pairs as they wait, what differs between two pictures, what merging them does and how it is undone.
import { computed, effect, signal } from '../vendor/ui.js'
import { byId } from './collections.js'
import { call } from './http.js'
import { changedIds, changedSince, expectChange, toDecide } from './live.js'
import { moment, number, size, T } from './text.js'

/** @typedef {'ignore' | 'keep_both' | 'merge'} Decision */
/** @typedef {{id: string, distance: number, found_at: string, assets: any[]}} Pair */
/** @typedef {{id: string, kept: string, trashed: string, before: Record<string, any>, put_into: string[], names: [string, string], state: 'merged' | 'undoing' | 'undone'}} Merge `names`: of the kept and of the other */

export const W = {
  place: (/** @type {number} */ at, /** @type {string} */ all) => `${number(at)} of ${all}`, previous: 'Previous pair', next: 'Next pair', first: 'This is the first one', last: 'This is the last one',
  lead: 'These two nearly are the same picture. Ignore them if they only look alike, keep both if both are needed. What you decide is not asked again.', others: (/** @type {number} */ count) => `One of them is in ${number(count)} more ${count === 1 ? 'pair' : 'pairs'}, next in line.`,
  what: 'What differs', fact: 'Fact', same: (/** @type {string[]} */ names) => `The same in both: ${names.join(', ')}.`, sameAll: 'All that is known of them is the same.', none: 'None', larger: 'larger', older: 'Older: a merge keeps it', newer: 'Newer: a merge puts it into the trash',
  decide: 'Decide', ignore: 'Ignore', keep_both: 'Keep both', merge: 'Merge', undo: 'Take the last decision back', nothing: 'Nothing to take back: it was sent.',
  decided: /** @type {Record<string, (one: string, other: string) => string>} */ ({ ignore: () => 'The pair is ignored.', keep_both: () => 'Both are kept.', merge: (kept, other) => `“${other}” is merged into “${kept}”.` }),
  merges: (/** @type {string} */ kept) => `Merging keeps “${kept}”, the older one`, gains: (/** @type {string[]} */ what) => `, and gives it ${what.join('; ')}.`, nothingNew: '. It has all that the other one has.', gain: /** @type {Record<string, string>} */ ({ keywords: 'the keywords', skus: 'the SKUs', collections: 'a place in' }), trashes: (/** @type {string} */ other) => `“${other}” goes to the trash with its versions and can be taken back.`,
  mayNotEdit: 'You may not edit both pictures.', mayNotDelete: (/** @type {string} */ name) => `You may not delete “${name}”.`, mayNotPut: (/** @type {string} */ path) => `You may not put pictures into “${path}”.`,
  empty: 'No duplicates wait', emptyHint: 'When a picture comes in that nearly is one you have, both wait here.', gone: 'This pair does not wait any more', goneHint: 'Somebody decided it, or one of the two is gone.', goOn: 'Go on with the others',
  merged: 'Merged just now', mergedLine: (/** @type {string} */ kept, /** @type {string} */ other) => `“${other}” into “${kept}”`, takeBack: 'Undo the merge', takingBack: 'Undoing', tookBack: 'Both are as they were.',
  facts: /** @type {Record<string, string>} */ ({ name: T.asset.fields.name, title: T.asset.fields.title, skus: T.asset.fields.skus, pixels: 'Size', bytes: 'File', format: T.asset.file, taken: T.asset.taken, came: T.asset.came, collections: T.collections.title, keywords: T.asset.fields.keywords, description: T.asset.fields.description, alt: T.asset.fields.alt }),
}

/** The list of what was decided. */
export const D = {
  title: 'Decided pairs', link: 'Decided', back: 'Pairs that wait', lead: 'What was decided about near duplicates. Open a pair again, and it waits once more.', none: 'Nothing was decided yet', noneHint: 'Pairs that you ignore, keep or merge are listed here, with a way back.', more: 'Show more',
  pair: (/** @type {string} */ one, /** @type {string} */ other) => `“${one}” and “${other}”`, what: /** @type {Record<Decision, string>} */ ({ ignore: 'Ignored by', keep_both: 'Both kept by', merge: 'Merged by' }), gone: 'somebody who is gone',
  openAgain: 'Open again', opening: 'Opening', opened: 'The pair waits again.', away: (/** @type {string} */ name, /** @type {string} */ state) => `“${name}” is ${state === 'trashed' ? 'in the trash. Restore it first.' : 'archived. Take it back first.'}`,
}

const PAGE = 50, MOST_PAGES = 10
const found = signal(/** @type {Pair[]} */ ([]))
const cursor = signal('')
export const isRead = signal(false)
export const problem = signal(/** @type {Error | null} */ (null))
/** What was decided here, by pair, with the picture that a merge takes away. */
export const mine = signal(/** @type {Map<string, {decision: Decision, gone: string}>} */ (new Map()))
/** Rises when a decision of this session has been kept. */
export const sent = signal(0)
/** Merges of this session, the last one first: each can be undone. */
export const merges = signal(/** @type {Merge[]} */ ([]))

/** Pairs that wait, those with a picture in common after each other. */
export const open = computed(() => {
  const gone = new Set([...mine.value.values()].map((one) => one.gone))
  const left = found.value.filter((one) => !mine.value.has(one.id) && !one.assets.some(({ id }) => gone.has(id)))
  /** @type {Pair[]} */
  const order = []
  while (left.length) {
    const group = [/** @type {Pair} */ (left.shift())]
    for (const one of group) for (let at = 0; at < left.length;) if (isAkin(one, left[at])) group.push(...left.splice(at, 1)); else at += 1
    order.push(...group)
  }
  return order
})
/** How many wait, as it is written. */
export const many = computed(() => `${number(open.value.length)}${cursor.value ? '+' : ''}`)

/** Whether two pairs have a picture in common. @param {Pair} one @param {Pair} other */
export const isAkin = (one, other) => one.assets.some(({ id }) => other.assets.some((each) => each.id === id))

let turn = Promise.resolve()
/** Read what waits, as far as it was read before; with `more` a page further. One reading after the other. */
export function readPairs(more = false) {
  turn = turn.then(async () => {
    try {
      const wanted = more ? found.value.length + 1 : Math.max(1, found.value.length)
      /** @type {Pair[]} */
      const read = []
      let next = ''
      for (let pages = 0; pages < MOST_PAGES && (!pages || (next && read.length < wanted)); pages += 1) {
        const page = await call('GET', '/v1/duplicates', { query: { limit: PAGE, cursor: next } })
        read.push(...page.items)
        next = page.next ?? ''
      }
      cursor.value = next
      found.value = read
      isRead.value = true
      problem.value = null
    } catch (failed) { problem.value = /** @type {Error} */ (failed) }
  })
  return turn
}

let isWatched = false
/** Keep the inbox and the count beside its name up, for as long as the app is open. */
export function watchPairs() {
  if (isWatched) return
  isWatched = true
  effect(() => { for (const id of changedIds.value) known.delete(id); changedSince.value; readPairs() })
  effect(() => { toDecide.value = open.value.length ? many.value : '' })
}

/** Whole assets that were looked at, until they change. @type {Map<string, Promise<any>>} */
const known = new Map()
/** The two assets of a pair with all that is known of them, the older one first. @param {Pair} pair */
export async function look(pair) {
  const two = await Promise.all(pair.assets.map(({ id }) => {
    if (!known.has(id)) known.set(id, call('GET', `/v1/assets/${id}`).catch((failed) => { known.delete(id); throw failed }))
    return known.get(id)
  }))
  return two.sort((one, other) => (one.created_at === other.created_at ? (one.id < other.id ? -1 : 1) : one.created_at < other.created_at ? -1 : 1))
}

/** @param {any} asset */
const paths = (asset) => asset.collections.map((/** @type {any} */ one) => one.path || T.collections.all)
/** @type {Record<string, (asset: any) => string>} */
const FACTS = {
  name: (one) => one.name, title: (one) => one.title ?? '', skus: (one) => one.skus.join(', '), pixels: (one) => (one.width_px ? `${number(one.width_px)} × ${number(one.height_px)}` : ''), bytes: (one) => (one.size_bytes ? size(one.size_bytes) : ''), format: (one) => one.format?.toUpperCase() ?? '',
  taken: (one) => moment(one.captured_at), came: (one) => moment(one.created_at), collections: (one) => paths(one).join(', '), keywords: (one) => one.keywords.join(', '), description: (one) => one.description ?? '', alt: (one) => one.alt ?? '',
}

/** What differs, as `[fact, of the one, of the other]`, and the names of what is the same and not empty. @param {any} one @param {any} other */
export function compared(one, other) {
  const all = Object.entries(FACTS).map(([fact, of]) => /** @type {[string, string, string]} */ ([fact, of(one), of(other)]))
  return { differs: all.filter(([, left, right]) => left !== right), same: all.filter(([, left, right]) => left && left === right).map(([fact]) => W.facts[fact]) }
}

/** What the kept one gains by a merge, in words. @param {any} kept @param {any} other */
export function gains(kept, other) {
  const fresh = (/** @type {string[]} */ mine, /** @type {string[]} */ theirs) => { const has = new Set(mine.map((one) => one.toLowerCase())); return theirs.filter((one) => !has.has(one.toLowerCase())) }
  const said = [['keywords', fresh(kept.keywords, other.keywords)], ['skus', fresh(kept.skus, other.skus)], ['collections', fresh(paths(kept), paths(other))]]
    .filter(([, list]) => list.length).map(([name, list]) => `${W.gain[/** @type {string} */ (name)]} ${/** @type {string[]} */ (list).join(', ')}`)
  for (const field of ['title', 'alt', 'description', 'shot_type', 'rating']) if (!kept[field] && other[field]) said.push(`the ${T.asset.fields[field].toLowerCase()} “${other[field]}”`)
  return said
}

/** Why a pair cannot be decided by this person, or why only a merge cannot; empty where it can. @param {any} kept @param {any} other */
export function refusals(kept, other) {
  if (![kept, other].every((one) => one.rights.includes('edit'))) return { any: W.mayNotEdit, merge: W.mayNotEdit }
  if (!other.rights.includes('delete')) return { any: '', merge: W.mayNotDelete(other.name) }
  const has = new Set(kept.collections.map((/** @type {any} */ one) => one.id))
  const shut = other.collections.find((/** @type {any} */ one) => !has.has(one.id) && byId.value.has(one.id) && !byId.value.get(one.id)?.rights.includes('upload'))
  return { any: '', merge: shut ? W.mayNotPut(shut.path) : '' }
}

/** Take a merge back by the way that the API tells; each step is safe to repeat. @param {Merge} merge */
export async function unmerge(merge) {
  const note = (/** @type {Merge['state']} */ state) => { merges.value = merges.value.map((one) => (one.id === merge.id ? { ...one, state } : one)) }
  note('undoing')
  try {
    await call('POST', `/v1/assets/${merge.trashed}/restore`)
    if (Object.keys(merge.before).length) await call('PATCH', `/v1/assets/${merge.kept}`, { body: merge.before })
    for (const home of merge.put_into) await call('DELETE', `/v1/collections/${home}/assets/${merge.kept}`)
    note('undone')
    mine.value = new Map(mine.value).set(merge.id, { decision: 'merge', gone: '' })
    expectChange()
  } catch (failed) { note('merged'); throw failed }
}
