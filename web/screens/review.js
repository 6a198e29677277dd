// @ts-check
// The queue of what waits for a decision: one picture, one key, the next. Decisions are sent a little later, to be undone.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/ui.js'
import { changedIds, changedSince } from '../lib/live.js'
import { shortcuts } from '../lib/keys.js'
import { largeOf, look, lookAgain, ready, seen } from '../lib/looking.js'
import { who } from '../lib/people.js'
import { asked, entries, hasMore, isRead, keyOf, note, open, problem, readMore, readQueue, tidy, watchQueue } from '../lib/reviews.js'
import { dressed } from '../lib/look.js'
import { change, go, href, openSheet, route } from '../lib/router.js'
import { dated, KEYS, number, T } from '../lib/text.js'
import { Button, Empty, Icon, Lazy, Trouble } from '../parts/basics.js'
import { hold, onVersion, sendAll, takeLastBack } from '../parts/deciding.js'
import { against, MODES, Modes, OUTCOME } from '../parts/modes.js'
import { Decide, Queue, said } from '../parts/review-parts.js'
import { nameOf } from '../parts/tile.js'
import { say } from '../parts/toast.js'
import { VersionHead } from '../parts/versions.js'
import { Viewer } from '../parts/viewer.js'

/** @typedef {import('../lib/reviews.js').Decision} Decision */
/** @typedef {import('../lib/reviews.js').Entry} Entry */

/** Places from the present one that are fetched ahead, the likeliest first; pictures of the first four. */
const AHEAD = [0, 1, 2, -1, 3, 4, 5, 6, 7, 8, -2, -3]
const SOON = 10

export default function Review() {
  const [, id, version] = route.value.path
  const { v, as = 'one', with: other } = route.value.query
  const all = entries.value
  const here = id && keyOf({ assetId: id, version: Number(version) }), at = all.findIndex((one) => one.key === here)
  const entry = all[at]
  const found = entry && seen(entry.assetId)
  const shown = found?.versions.find((one) => one.number === (Number(v) || entry.version))
  const left = shown && found?.versions.find((one) => one.number === (Number(other) || against(found, shown)) && one !== shown)
  const mode = left && MODES.includes(as) ? as : 'one'
  const [why, setWhy] = useState(/** @type {'reject' | 'request_changes' | null} */ (null))

  /** @param {Entry | undefined} one */
  const show = (one) => go(href(['review', ...(one ? [one.assetId, String(one.version)] : [])], { as: mode === 'one' ? undefined : mode }), { replace: true })
  const step = (/** @type {number} */ way) => {
    const next = at < 0 ? (way < 0 ? all[all.length - 1] : undefined) : all[at + way]
    if (next) show(next)
  }
  const goOn = (/** @type {string} */ key) => {
    const left = entries.value.filter((one) => one.key === key || (!one.mine && !one.gone)), from = left.findIndex((one) => one.key === key)
    show(left[from + 1] ?? (from > 0 ? left[0] : undefined))
  }
  /** @param {Decision} decision @param {string} [text] */
  const decide = (decision, text = '') => {
    setWhy(null)
    if (!entry || !found || !shown) return
    const key = keyOf({ assetId: entry.assetId, version: shown.number }), name = nameOf(found.asset)
    if (shown.number !== entry.version) {
      hold({ key, text: T.review.decided[decision](`${name} v${shown.number}`), ...onVersion(entry.assetId, shown.number, decision, text), done: () => lookAgain([entry.assetId]), back: () => {} })
      return
    }
    if (entry.gone || entry.mine?.state === 'waits') { say({ text: entry.gone ? T.review.gone : T.review.waits }); return }
    const sent = entry.mine?.state === 'sent' ? entry.mine : entry.mine?.sent ?? null
    const way = sent ? onVersion(entry.assetId, entry.version, decision, text)
      : { path: `/v1/approvals/${entry.requestId}/decisions`, body: { asset_id: entry.assetId, version: entry.version, decision, ...(text ? { note: text } : {}) } }
    note(key, { mine: { decision, state: 'held', sent } })
    hold({
      key, text: T.review.decided[decision](name), ...way,
      done: (told) => { note(key, { mine: { decision, state: !sent && asked(told, '').some((one) => one.key === key) ? 'waits' : 'sent' } }); lookAgain([entry.assetId]) },
      back: (isUndone) => { note(key, { mine: sent }); if (isUndone) show(entry); else readQueue() },
    })
    goOn(key)
  }
  const ask = (/** @type {'reject' | 'request_changes'} */ decision) => { if (shown) setWhy(decision) }
  const undo = () => {
    if (takeLastBack()) return
    const last = all.findLast((one) => one.mine?.state === 'sent')
    say({ text: last ? T.review.sent : T.review.nothing })
    if (last) show(last)
  }
  const walk = (/** @type {number} */ way) => {
    const next = found?.versions[found.versions.indexOf(shown) + way]
    if (next) change({ v: next.number === entry.version ? undefined : String(next.number) }, { replace: true })
  }

  const acts = useRef({ decide, ask, step, undo, walk })
  acts.current = { decide, ask, step, undo, walk }
  useLayoutEffect(() => shortcuts(/** @type {Array<[string, string, () => void]>} */ ([
    ['a', T.review.approve, () => acts.current.decide('approve')], ['r', T.review.reject, () => acts.current.ask('reject')], ['c', T.review.request_changes, () => acts.current.ask('request_changes')],
    ['j', T.review.next, () => acts.current.step(1)], ['k', T.review.previous, () => acts.current.step(-1)], ['ArrowRight', T.review.next, () => acts.current.step(1)], ['ArrowLeft', T.review.previous, () => acts.current.step(-1)],
    ['z', T.review.undo, () => acts.current.undo()], ['[', T.asset.older, () => acts.current.walk(1)], [']', T.asset.newer, () => acts.current.walk(-1)], ['Escape', T.review.leave, () => go(href(['library']))],
  ]).map(([keys, does, act]) => ({ keys, does, act, where: KEYS.places.review }))), [])
  useEffect(() => { watchQueue(); readQueue(); return () => { sendAll(); tidy() } }, [])
  useEffect(() => { document.title = `${T.review.title} · ${T.app}` }, [])
  useEffect(() => { lookAgain(changedIds.value) }, [changedSince.value])
  useEffect(() => { if (isRead.value && open.value.length && !entries.value.some((one) => one.key === here)) show(open.value[0]) }, [isRead.value, here, open.value.length])
  useEffect(() => {
    if (at < 0) return
    look(AHEAD.map((way) => all[at + way]?.assetId).filter(Boolean))
    if (at > all.length - SOON && hasMore.value) readMore()
  }, [at, all.length])
  const near = AHEAD.slice(0, 4).map((way) => all[at + way]).map((one) => largeOf(one && seen(one.assetId)?.versions.find((each) => each.number === one.version)))
  useEffect(() => ready([...near, largeOf(left)]), [near.join(), left])

  if (problem.value && !all.length) return html`<main class="room whole"><${Trouble} level="h1" problem=${problem.value} again=${readQueue} /></main>`
  if (!isRead.value || (!entry && open.value.length)) return html`<main class="room whole" aria-busy="true"></main>`
  if (!entry) return html`<${Over} all=${all} look=${() => step(-1)} />`
  const name = found ? nameOf(found.asset) : T.library.loading
  const state = entry.mine && shown?.number === entry.version ? OUTCOME[entry.mine.decision] : undefined
  return html`<div class="rev"><header class="top"><a class="btn bare icon" href=${href(['library'])} aria-label=${T.review.leave} title=${T.review.leave}><${Icon} name="x" /></a><h1>${T.review.title}</h1>
      <span class="small dimmer hide-s cut">${[entry.by && T.review.asks(who(entry.by)), entry.due && T.review.due(dated(entry.due))].filter(Boolean).join(', ')}</span><span class="grow"></span>
      <span class="mid num dim" role="status">${T.review.place(at + 1, total(all))}</span>${left && html`<${Modes} mode=${mode} cls="hide-s" />`}<span class="hide-s"><${Button} kind="bare" icon="help" label=${T.acts.help} act=${() => openSheet('keys')} /></span></header>
    <${Queue} all=${all} at=${at} />
    <main class=${`two is-${mode}`} aria-label=${name}>${left && html`<div class="flow only-s modes"><${Modes} mode=${mode} /></div>`}
      ${mode !== 'one' && found && shown ? html`<${Lazy} bare load=${() => dressed('compare', import('../parts/compare.js'))} asset=${found.asset} versions=${found.versions} left=${left} right=${shown} mode=${mode} state=${state} />`
        : html`<section class="half" aria-label=${shown && T.compare.version(shown.number)}><div class="flow mid wrap">${found && shown && html`<${VersionHead} one=${shown} asset=${found.asset} state=${state} /><span class="grow"></span>
          ${found.versions.length > 1 && html`<span class="bar">${found.versions.slice(0, 4).reverse().map((one) => html`<${Button} key=${one.number} pressed=${one === shown} act=${() => change({ v: one.number === entry.version ? undefined : String(one.number) }, { replace: true })}>v${one.number}<//>`)}</span>`}`}</div>
          ${shown && !largeOf(shown) ? html`<${Empty} icon="image" title=${T.asset.noPicture}><p class="dim">${T.asset.noPictureHint}</p><//>` : html`<${Viewer} src=${largeOf(shown)} width=${shown?.width_px ?? 1000} height=${shown?.height_px ?? 1000} alt=${name} label=${name} />`}</section>`}
      <p class="rnote only-s mid">${said(entry, shown)}</p></main>
    <${Decide} entry=${entry} shown=${shown} decide=${decide} ask=${ask} later=${() => step(1)} undo=${undo} />
    <${Lazy} bare load=${() => import('../parts/review-about.js')} entry=${entry} found=${found} shown=${shown} left=${left} all=${all} />
    ${why && shown && html`<${Lazy} bare load=${() => import('../parts/why.js')} decision=${why} name=${`${name} v${shown.number}`} close=${() => setWhy(null)} decide=${(/** @type {string} */ text) => decide(why, text)} />`}</div>`
}

/** @param {Entry[]} all */
const total = (all) => `${all.length}${hasMore.value ? '+' : ''}`

/** Nothing waits, or nothing any more. @param {{all: Entry[], look: () => void}} given */
function Over({ all, look }) {
  const decided = all.filter((one) => one.mine)
  const words = Object.entries(OUTCOME).map(([decision, state]) => ({ many: decided.filter((one) => one.mine?.decision === decision).length, word: T.review.outcomes[state] })).filter((one) => one.many)
  return html`<main class="room whole"><${Empty} level="h1" icon="review" title=${decided.length ? T.review.over : T.review.none}><p class="dim">${decided.length ? words.map((one) => `${number(one.many)} ${one.word}`).join(', ') : T.review.noneHint}</p>
    ${decided.length > 0 && html`<${Button} icon="undo" act=${look} keys="K">${T.review.lookBack}<//>`}<a class="btn" href=${href(['library'])}>${T.trouble.home}</a><//></main>`
}
