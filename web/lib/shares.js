// @ts-check
// Links for people without an account, in words and as the API takes them; for the dialog that makes one and for the list.
import { idsOf } from './each.js'
import { count } from './selection.js'
import { counted, number, T } from './text.js'

/** What is to be shared, and what the dialog calls it. With `q` one may choose whether what comes later joins.
 * @typedef {{title: string, name: string, target: {asset_ids?: string[], collection_id?: string, q?: string}, later?: boolean}} Shared */

export const MOST_CHOSEN = 1000, LIVES_DAYS = 30
export const SWITCHES = ['view', 'comment', 'upload', 'download', 'approve']

export const W = {
  room: 'Shared links', make: 'Make link', title: (/** @type {string} */ what) => `Share ${what}`, these: (/** @type {number} */ many) => counted(many, T.picture.one, T.picture.many), search: 'what this search finds',
  name: 'Name', nameHint: 'Visitors read it above the pictures.', may: 'Visitors may', mayHint: 'Never more than you may yourself, at that moment.',
  switches: /** @type {Record<string, string>} */ ({ view: 'Look', comment: 'Comment', upload: 'Send files', download: 'Download', approve: 'Approve' }),
  level: 'What they download', levels: /** @type {Record<string, string>} */ ({ preview: 'Smaller pictures', approved: 'The approved version', original: 'The original file' }),
  later: 'What belongs to it', joins: 'Pictures that match later join', frozen: 'Only what it finds now',
  until: 'Open until', untilHint: 'Empty: until you revoke it.', from: 'Open from', fromHint: 'Empty: at once.', password: 'Password', passwordHint: 'Tell it apart from the link. Empty: none.', newPasswordHint: 'Empty: it stays as it is.', noPassword: 'Take the password away',
  cap: 'Longest side in pixels', capHint: 'From 256. Empty: as large as they come.', more: 'More limits',
  ready: 'The link is ready', readyHint: (/** @type {string | null} */ day) => (day ? `Whoever has it can open it until ${day}.` : 'Whoever has it can open it until you revoke it.'), link: 'Link', copy: 'Copy link', copied: 'Copied', guest: 'See as a guest',
  tooMany: `A link holds up to ${number(MOST_CHOSEN)} chosen pictures. Share a search or a collection instead.`,
  none: 'No links yet', noneHint: 'Select pictures, or open a picture or a collection, and press Share. Whoever has the link needs no account.', showMore: 'Show more',
  opens: (/** @type {number} */ opens, /** @type {number} */ left) => `${counted(opens, 'visit')}, ${counted(left, 'download')}`, last: 'last', never: 'Not opened yet', locked: 'With a password', begins: (/** @type {string} */ day) => `from ${day}`, ends: (/** @type {string} */ day, /** @type {boolean} */ isOver) => `${isOver ? 'since' : 'until'} ${day}`, endless: 'without an end', by: 'nothing',
  states: /** @type {Record<string, [string, string, string]>} */ ({ open: ['is-ok', 's-ok', 'Open'], early: ['is-wait', 's-wait', 'Not yet'], over: ['is-none', 's-none', 'Over'], revoked: ['is-bad', 's-bad', 'Revoked'] }),
  acts: 'What to do with', change: 'Change', saved: 'Saved. It counts from the next request of every visitor.', revoke: 'Revoke', revokeAsk: (/** @type {string} */ name) => `Revoke “${name}”?`, revokeHint: 'Whoever looks at it now is refused at the next click. This cannot be undone; you can make another link.', revoked: (/** @type {string} */ name) => `“${name}” opens for nobody any more.`,
  kinds: /** @type {Record<string, [string, string]>} */ ({ assets: ['image', 'Pictures'], collection: ['folder', 'Collection'], search: ['search', 'Search'] }), gone: 'a collection that you do not see', whole: 'The whole library',
}

/** What a link lets its visitors do, in words. @param {Record<string, boolean>} switches */
export const mayWords = (switches) => SWITCHES.filter((one) => switches[one]).map((one) => W.switches[one]).join(', ').toLowerCase() || W.by

/** Selected pictures, to be shared. @param {import('./selection.js').Selection} chosen @param {string} q @param {number} total @returns {Promise<Shared>} */
export async function ofSelection(chosen, q, total) {
  const title = W.title(W.these(count(chosen, total)))
  if (chosen.all && !chosen.ids.size) return { title, name: '', target: { q }, later: false }
  /** @type {string[]} */
  const ids = []
  for await (const id of idsOf(chosen, q)) {
    ids.push(id)
    if (ids.length > MOST_CHOSEN) throw new Error(W.tooMany)
  }
  return { title, name: '', target: { asset_ids: ids } }
}

/** @param {string} q @returns {Shared} */
export const ofSearch = (q) => ({ title: W.title(W.search), name: '', target: { q }, later: true })
/** @param {import('./collections.js').Collection} one @returns {Shared} */
export const ofCollection = (one) => ({ title: W.title(`“${one.name}”`), name: one.name, target: { collection_id: one.id } })
/** @param {string} id @param {string} name @returns {Shared} */
export const ofPicture = (id, name) => ({ title: W.title(`“${name}”`), name, target: { asset_ids: [id] } })
