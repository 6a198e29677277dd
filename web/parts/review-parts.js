// @ts-check
// What stands around the picture in review: the queue at its side, the three decisions below it.
import { html } from '../vendor/ui.js'
import { seen } from '../lib/looking.js'
import { href, route } from '../lib/router.js'
import { T } from '../lib/text.js'
import { APPROVAL, Button, Icon } from './basics.js'
import { OUTCOME } from './modes.js'
import { nameOf } from './tile.js'

/** @typedef {import('../lib/reviews.js').Entry} Entry */

/** What the asker says, or whoever brought the version. @param {Entry} entry @param {any} shown */
export const said = (entry, shown) => entry.note ?? shown?.note

const BEFORE = 3, AFTER = 9

/** Some of the queue around the present place. @param {{all: Entry[], at: number}} given */
export function Queue({ all, at }) {
  const first = Math.max(0, at - BEFORE)
  return html`<nav class="queue" aria-label=${T.review.queue}>${all.slice(first, at + AFTER).map((one, place) => {
    const found = seen(one.assetId), version = found?.versions.find((each) => each.number === one.version)
    const state = one.mine && APPROVAL[OUTCOME[one.mine.decision]]
    return html`<a key=${one.key} class=${`q ${first + place === at ? 'now' : one.mine || one.gone ? 'past' : ''}`} href=${href(['review', one.assetId, String(one.version)], { as: route.value.query.as })} aria-current=${first + place === at ? 'true' : undefined} aria-label=${found ? nameOf(found.asset) : T.library.loading}>
      ${version?.thumb_url ? html`<img src=${version.thumb_url} alt="" />` : html`<span class="no"></span>`}${state && html`<span class=${`badge ${state.cls}`}><${Icon} name=${state.glyph} label=${state.word} /></span>`}</a>`
  })}</nav>`
}

/** The decisions, of the version that is on the stage. @param {{entry: Entry, shown: any, decide: (decision: 'approve') => void, ask: (decision: 'reject' | 'request_changes') => void, later: () => void, undo: () => void}} given */
export function Decide({ entry, shown, decide, ask, later, undo }) {
  const isAsked = shown?.number === entry.version
  const over = isAsked && (entry.gone ? T.review.gone : entry.mine?.state === 'waits' ? T.review.waits : '')
  if (over) return html`<div class="decide"><p class="mid dim" role="status">${over}</p><${Button} kind="bare" act=${later} keys="→">${T.review.next}<//></div>`
  const made = isAsked ? entry.mine?.decision : undefined
  const one = (/** @type {'reject' | 'request_changes'} */ decision, /** @type {string} */ key) => {
    const { cls, glyph } = APPROVAL[OUTCOME[decision]]
    return html`<${Button} kind=${cls} pressed=${made === decision || undefined} act=${() => ask(decision)} keys=${key}><svg class="g" viewBox="0 0 16 16" aria-hidden="true"><use href=${`icons.svg#${glyph}`} /></svg>${T.review.short[decision] ? html`<span class="hide-s">${T.review[decision]}</span><span class="only-s">${T.review.short[decision]}</span>` : T.review[decision]}<//>`
  }
  return html`<div class="decide">${one('reject', 'R')}${one('request_changes', 'C')}<${Button} kind="main" icon="s-ok" pressed=${made === 'approve' || undefined} act=${() => decide('approve')} keys="A">${T.review.approve}<span class="hide-s"> v${shown?.number ?? entry.version}</span><//>
    ${entry.mine?.state === 'held' ? html`<${Button} kind="bare" icon="undo" act=${undo} keys="Z">${T.acts.undo}<//>` : html`<span class="hide-s"><${Button} kind="bare" act=${later} keys="→">${T.review.later}<//></span>`}</div>`
}
