// @ts-check
// What one wants to know before deciding: how far the queue is, what was said, what changed, who else decides.
import { html } from '../vendor/ui.js'
import { who } from '../lib/people.js'
import { hasMore } from '../lib/reviews.js'
import { href } from '../lib/router.js'
import { moment, number, size, T, when } from '../lib/text.js'
import { APPROVAL, Badge, Progress } from './basics.js'
import { OUTCOME } from './modes.js'
import { said } from './review-parts.js'
import { nameOf } from './tile.js'

/** @typedef {import('../lib/reviews.js').Entry} Entry */

/** @param {{entry: Entry, found: import('../lib/looking.js').Seen | undefined, shown: any, left: any, all: Entry[]}} given */
export default function About({ entry, found, shown, left, all }) {
  const count = (/** @type {string} */ decision) => all.filter((one) => one.mine?.decision === decision).length
  const over = all.filter((one) => one.mine || one.gone).length
  const words = [...Object.entries(OUTCOME).map(([decision, state]) => [count(decision), T.review.outcomes[state]]).filter(([many]) => many).map(([many, word]) => `${number(Number(many))} ${word}`), T.review.left(`${number(all.length - over)}${hasMore.value ? '+' : ''}`)]
  return html`<aside class="rside" aria-label=${T.review.about}><div class="sec"><${Progress} part=${over / all.length} label=${words.join(', ')} /><span class="small dim num">${words.join(', ')}</span></div>
    ${found && html`<div class="sec"><h2><a class="cut" href=${href(['asset', entry.assetId], { v: String(entry.version) })}>${nameOf(found.asset)}</a></h2>${said(entry, shown) && html`<p class="mid dim wordy">“${said(entry, shown)}”</p>`}
      ${shown && html`<span class="small dimmer" title=${moment(shown.at)}>${[who(shown.by), when(shown.at)].filter(Boolean).join(', ')}</span>`}</div>`}
    ${left && shown && html`<div class="sec"><h2>${T.review.since(left.number)}</h2><dl class="meta">${changes(left, shown).map(([name, now, was]) => html`<dt>${name}</dt><dd class="num">${now}${was && html` <span class="dimmer">${T.review.was(was)}</span>`}</dd>`)}</dl></div>`}
    <div class="sec"><h2>${T.review.deciders}</h2>${entry.approverIds.map((one) => html`<${Decider} key=${one} entry=${entry} id=${one} />`)}${!entry.approverIds.length && html`<p class="mid">${T.review.anyone}</p>`}
      <p class="small dim">${T.review.rule(entry.rule, entry.approverIds.length)} ${T.review.outcome(`v${entry.version}`)}</p></div></aside>`
}

/** @param {{entry: Entry, id: string}} given */
function Decider({ entry, id }) {
  const made = entry.decisions.find((one) => one.by === id)?.decision ?? (who(id) === T.people.you ? entry.mine?.decision : undefined)
  const state = made && APPROVAL[OUTCOME[made]]
  return html`<div class="flow mid"><span class="grow cut">${who(id)}</span>${state ? html`<${Badge} kind=${state.cls} glyph=${state.glyph}>${state.word}<//>` : html`<span class="dim">${T.review.open}</span>`}</div>`
}

/** What differs between two versions: name, now, and what it was where that is not the same. @param {any} left @param {any} shown @returns {Array<[string, string, string]>} */
function changes(left, shown) {
  const pair = (/** @type {string} */ name, /** @type {string} */ now, /** @type {string} */ was) => /** @type {[string, string, string]} */ ([name, now, now === was ? '' : was])
  const pixels = (/** @type {any} */ one) => (one.width_px ? `${number(one.width_px)} × ${number(one.height_px)}` : '–')
  return [pair(T.review.size, pixels(shown), pixels(left)), pair(T.review.bytes, size(shown.size_bytes), size(left.size_bytes))]
}
