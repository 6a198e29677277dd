// @ts-check
// What is said on a version: threads in the order they began, numbered; names for people and back; places on a picture.
import { every } from './http.js'
import { number } from './text.js'

/** @typedef {{kind: string, x?: number, y?: number, w?: number, h?: number, time_s?: number, page?: number}} Anchor */
/** @typedef {{id: string, name: string}} Named */
/** @typedef {{id: string, version: number, by: string, by_name: string | null, at: string, edited_at: string | null, body: string | null, mentions: Named[], anchor: Anchor | null, parent_id: string | null, deleted: boolean, carried: boolean, resolved: {by_name: string | null, at: string, version: number} | null, etag: string}} Comment */
/** @typedef {{number: number, first: Comment, answers: Comment[], isOpen: boolean}} Thread */

export const W = {
  title: 'Comments', todo: 'To do', all: 'All', somebody: 'Somebody', loading: 'Loading',
  write: (/** @type {number} */ version) => `Comment on v${version}, @ names a person`, send: 'Send', sending: 'Sending', answer: 'Answer', resolve: 'Resolve', reopen: 'Open again', edit: 'Edit', remove: 'Delete', edited: 'edited', gone: 'This was deleted.', label: 'Your comment', people: 'People',
  at: 'At the pin', drop: 'Leave the pin out', pin: (/** @type {number} */ at, /** @type {boolean} */ isOpen, /** @type {string} */ body) => `Comment ${at}, ${isOpen ? 'to do' : 'resolved'}: ${body}`, draft: 'New pin. Arrows move it, with Shift they make it a box, Enter goes on.', comment: 'Comment at a place',
  carried: (/** @type {number} */ version) => `on v${version}`, resolved: (/** @type {string} */ who, /** @type {number} */ version) => `Resolved by ${who} in v${version}.`, page: (/** @type {number} */ page) => `page ${number(page)}`,
  none: 'Nothing said yet', noneHint: 'Press on the picture to point at something.', noneOpen: 'Nothing left to do', older: (/** @type {number} */ version) => `New comments go to v${version}, the newest.`, show: (/** @type {number} */ version) => `Show v${version}`,
  removed: 'The comment is deleted.', done: (/** @type {number} */ at) => `Comment ${at} is resolved.`,
}

/** Comments as threads, numbered in the order they began; a deleted one that nobody answered is none. @param {Comment[]} found @returns {Thread[]} */
export function threads(found) {
  const answers = Map.groupBy(found.filter((one) => one.parent_id && !one.deleted), (one) => one.parent_id)
  return found.filter((one) => !one.parent_id && (!one.deleted || answers.has(one.id))).map((first, at) => ({
    number: at + 1, first, answers: answers.get(first.id) ?? [], isOpen: !first.resolved && !first.deleted,
  }))
}

/** @param {string} asset @param {number} version @returns {Promise<Comment[]>} */
export const readComments = (asset, version) => every(`/v1/assets/${asset}/comments`, { version, limit: 200 })

/** What is written in the field as the API takes it: `@Ann B.` becomes `@[id]`, longer names first. @param {string} text @param {Named[]} people */
export const asBody = (text, people) => [...people].sort((a, b) => b.name.length - a.name.length).reduce((body, one) => body.replaceAll(`@${one.name}`, `@[${one.id}]`), text).trim()

/** A body as it is written in the field. @param {string} body @param {Named[]} people */
export const asText = (body, people) => people.reduce((text, one) => text.replaceAll(`@[${one.id}]`, `@${one.name}`), body)

/** A body in pieces to show: words, and names of people. @param {string} body @param {Named[]} people @returns {Array<{text: string, isName: boolean}>} */
export function piecesOf(body, people) {
  const names = new Map(people.map((one) => [one.id, one.name]))
  return body.split(/(@\[[2-7a-z]{26}\])/).filter(Boolean).map((piece) => {
    const id = /^@\[(.+)\]$/.exec(piece)?.[1]
    return id ? { text: `@${names.get(id) ?? W.somebody}`, isName: true } : { text: piece, isName: false }
  })
}

/** The name that is being written before the caret, without its `@`; null when there is none. @param {string} before */
export const naming = (before) => /(?:^|\s)@([^\s@][^@\n]{0,30}|)$/.exec(before)?.[1] ?? null

const within = (/** @type {number} */ value) => Math.min(1, Math.max(0, value))
const round = (/** @type {number} */ value) => Math.round(value * 1e6) / 1e6

/** A place between two corners of a picture in 0..1: a box, or a point when they are the same. @param {number} x @param {number} y @param {number} [tox] @param {number} [toy] @returns {Anchor} */
export function placeAt(x, y, tox = x, toy = y) {
  const [left, right, top, low] = [within(Math.min(x, tox)), within(Math.max(x, tox)), within(Math.min(y, toy)), within(Math.max(y, toy))].map(round)
  return left === right || top === low ? { kind: 'point', x: left, y: top } : { kind: 'box', x: left, y: top, w: round(right - left), h: round(low - top) }
}

/** A place after an arrow key; with `grow` its lower right corner moves. @param {Anchor} at @param {number} dx @param {number} dy @param {boolean} grow */
export function moved({ x = 0, y = 0, w = 0, h = 0 }, dx, dy, grow) {
  if (grow) return placeAt(x, y, Math.max(x, x + (w || 0.02) + dx), Math.max(y, y + (h || 0.02) + dy))
  const left = Math.min(1 - w, within(x + dx)), top = Math.min(1 - h, within(y + dy))
  return placeAt(left, top, left + w, top + h)
}

/** `1:05` @param {number} seconds */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
