// @ts-check
// The words of plans of a store, and what a plan's states allow.
import { counted, number } from './text.js'

export const LISTS = ['matched', 'ambiguous', 'unmatched', 'blocked', 'unchanged']
/** States in which something is at work. */
export const BUSY = ['computing', 'applying', 'rolling_back']
/** States in which lines have results. */
export const TOLD = ['partly_applied', 'applied', 'rolled_back']

export const W = {
  room: 'Plans', make: 'Make a plan', making: 'Making a plan', none: 'No plan yet', noneHint: 'A plan says which pictures would go where in the store. It changes nothing.', gone: 'There is no such plan', back: 'Back to the store', older: 'Show more', drift: 'Changed in the store',
  states: /** @type {Record<string, [string, string, string]>} */ ({ computing: ['is-acc', 's-wait', 'Being made'], ready: ['is-wait', 's-wait', 'Waits for approval'], approved: ['is-wait', 's-ok', 'Approved, not applied'], applying: ['is-acc', 's-wait', 'Being applied'], partly_applied: ['is-redo', 'warn', 'Applied in part'], applied: ['is-ok', 's-ok', 'Applied'], rolling_back: ['is-acc', 's-wait', 'Being rolled back'], rolled_back: ['is-none', 'undo', 'Rolled back'], failed: ['is-bad', 's-bad', 'Failed'] }),
  lists: /** @type {Record<string, [string, string, string, string]>} */ ({ matched: ['Matched', 's-ok', 'is-ok', 'to be changed'], ambiguous: ['Ambiguous', 's-wait', 'is-wait', 'you choose'], unmatched: ['Unmatched', 's-none', 'is-none', 'no such SKU'], blocked: ['Blocked', 's-bad', 'is-bad', 'may not go, or skipped'], unchanged: ['Unchanged', 'check', 'is-none', 'as in the store'] }), which: 'Lists',
  title: (/** @type {any} */ plan) => plan.state === 'computing' ? 'The plan is being made' : plan.state === 'failed' ? 'No plan could be made' : plan.counts.matched ? W.done[plan.state]?.(counted(plan.counts.matched, 'line')) ?? `${counted(plan.counts.matched, 'line')} to change in the store` : 'Nothing is to change in the store',
  done: /** @type {Record<string, (lines: string) => string>} */ ({ applied: (lines) => `${lines} changed in the store`, partly_applied: (lines) => `Part of ${lines} changed in the store`, rolling_back: (lines) => `${lines} being taken back`, rolled_back: (lines) => `${lines} taken back` }), toldOf: 'of this plan',
  lead: /** @type {Record<string, string>} */ ({ computing: 'Each product is looked at in the store. Nothing is changed there.', ready: 'Nothing is sent until you approve. What you skip or choose is remembered for later plans.', approved: 'It is approved. Nothing was sent yet.', applying: 'Pictures go into the store, product by product. You may leave this page.', rolling_back: 'What the plan changed is taken back, where the store is still as the plan left it.' }),
  cost: 'Cost', points: (/** @type {number} */ count) => counted(count, 'point'), time: 'Time', minutes: (/** @type {number} */ count) => count ? `about ${number(count)} min` : 'none', summary: (/** @type {any} */ { counts }) => LISTS.filter((name) => counts[name]).map((name) => `${number(counts[name])} ${name}`).join(', ') || 'empty',
  approve: (/** @type {number} */ count) => `Approve and apply ${number(count)}`, approveAsk: (/** @type {number} */ count) => `Change ${counted(count, 'line')} in the store?`, approveHint: 'Customers see it as soon as it is there. You can roll it back afterwards.', approveAct: 'Approve and apply', apply: 'Apply', rest: 'Apply the rest', starting: 'Starting',
  rollBack: 'Roll back', rollBackAsk: 'Roll this plan back?', rollBackHint: 'Products get back the pictures, texts and order from before. What the merchant has changed since then stays, and is listed.', working: 'Progress', of: (/** @type {string} */ done, /** @type {string} */ total) => `${done} of ${total} products`,
  results: /** @type {Record<string, [string, string, string]>} */ ({ done: ['is-ok', 's-ok', 'Done'], failed: ['is-bad', 's-bad', 'Failed'], conflict: ['is-redo', 's-redo', 'Not as planned'], skipped: ['is-none', 's-none', 'Left out'], rolled_back: ['is-none', 'undo', 'Taken back'], drift: ['is-redo', 's-redo', 'Theirs stays'] }), outcome: 'What came of it',
  actions: /** @type {Record<string, string>} */ ({ create: 'new picture', replace: 'new bytes, same address', alt: 'alt text', attach: 'put on the product', reorder: 'moved', assign: 'shown by a variant', unlink: 'leaves the product' }), changes: /** @type {Record<string, string>} */ ({ version: 'Version', position: 'Place', alt: 'Alt text', variant_ids: 'Shown by' }), picture: 'Picture', now: 'In the store now', later: 'By this plan', noPicture: 'No picture', foreign: 'Changed in the store, not ours', nothing: 'none', arrow: 'becomes', variants: (/** @type {number} */ count) => counted(count, 'variant'),
  skip: 'Skip', takeBack: 'Take back', taken: 'Taken back.', choose: 'Choose variants', overwrite: 'Overwrite theirs', skipped: 'Skipped, in later plans too.', chosen: 'Chosen, for later plans too.', search: 'SKU or product', nobody: 'No variant of the store is like that', keep: 'Choose', pickOne: 'Choose at least one', oneProduct: 'Variants of one product. All it may show are listed by SKU first.', inactive: 'not active',
  empty: /** @type {Record<string, string>} */ ({ matched: 'Nothing is to change', ambiguous: 'Nothing to choose', unmatched: 'Every picture has its product', blocked: 'Nothing is held back', unchanged: 'Nothing is in the store as it should be yet' }), csv: 'CSV', noProduct: 'No product',
  driftNone: 'The merchant changed nothing since our last push', driftHint: 'As it was when each product was last looked at. Make a plan to look again.', ours: 'Ours', theirs: 'Theirs', kinds: /** @type {Record<string, string>} */ ({ removed: 'Our picture was taken off', picture: 'The picture was changed', alt: 'The alt text was changed', order: 'The order was changed', variant_image: 'A variant shows another picture', foreign: 'A picture was added' }),
}

/** What changes, as `[word, before, after]`. @param {any} line @returns {Array<[string, string, string]>} */
export const changesOf = ({ before, after }) => Object.keys(W.changes).map((name) => /** @type {[string, string, string]} */ ([W.changes[name], shown(name, before[name]), shown(name, after[name])])).filter(([, was, is]) => was !== is)
/** @param {string} name @param {any} value */
const shown = (name, value) => (Array.isArray(value) ? value.length ? W.variants(value.length) : W.nothing : value == null || value === '' ? W.nothing : name === 'version' ? `v${value}` : String(value))

/** A blocked line without a product is one that somebody skipped. @param {any} line */
export const isSkipped = (line) => line.list === 'blocked' && !line.product_id

/** The lines as a table for other programs: quoted, and nothing in it is a formula. @param {any[]} lines */
export function asCsv(lines) {
  const cell = (/** @type {any} */ value) => { const text = String(value ?? ''); return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"` }
  const rows = lines.map((line) => [line.list, line.asset_id, line.sku, line.product_title, line.product_id, line.variant_ids.join(' '), line.actions.join(' '), line.because, line.result?.state, line.result?.detail])
  return [['list', 'asset_id', 'sku', 'product', 'product_id', 'variant_ids', 'actions', 'because', 'result', 'detail'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')
}
