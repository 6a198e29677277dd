// @ts-check
// Near duplicates, pair by pair: both pictures, what differs, what merging would do. One key a decision, the next pair at once.
import { html, useEffect, useLayoutEffect, useState } from '../vendor/ui.js'
import { compared, D, gains, isAkin, isRead, look, many, merges, mine, open, problem, readPairs, refusals, sent, unmerge, W, watchPairs } from '../lib/duplicates.js'
import { shortcuts } from '../lib/keys.js'
import { changedSince } from '../lib/live.js'
import { go, href, route } from '../lib/router.js'
import { KEYS, T } from '../lib/text.js'
import { Button, Empty, Lazy, Trouble } from '../parts/basics.js'
import { hold, sendAll, takeLastBack } from '../parts/deciding.js'
import { Picture } from '../parts/tile.js'
import { say, sayFailed } from '../parts/toast.js'

/** @typedef {import('../lib/duplicates.js').Pair} Pair */
/** @typedef {import('../lib/duplicates.js').Decision} Decision */

/** @param {Pair} [pair] */
const show = (pair) => go(href(['duplicates', ...(pair ? [pair.id] : [])]), { replace: true })

/** The pairs that wait, or those that were decided. */
export default function Duplicates() {
  const isOver = route.value.path[1] === 'decided'
  return isOver ? html`<${Lazy} key="decided" load=${() => import('./decided.js')} />` : html`<${Waiting} key="open" />`
}

function Waiting() {
  const id = route.value.path[1]
  const pairs = open.value, pair = id ? pairs.find((one) => one.id === id) : pairs[0]
  const at = pair ? pairs.indexOf(pair) : -1
  const [seen, setSeen] = useState(/** @type {{id: string, two: any[]} | null} */ (null)), [failed, setFailed] = useState(/** @type {Error | null} */ (null))
  const load = () => { if (pair) { setFailed(null); look(pair).then((two) => setSeen({ id: pair.id, two }), setFailed) } }
  useEffect(() => { document.title = `${T.nav.duplicates} · ${T.app}`; watchPairs(); return () => sendAll() }, [])
  useEffect(load, [pair?.id, changedSince.value])
  useEffect(() => { document.querySelector('.twins')?.scrollTo(0, 0) }, [pair?.id])
  useEffect(() => { if (pairs[at + 1]) look(pairs[at + 1]).catch(() => {}); else if (many.value.endsWith('+')) readPairs(true) }, [pair?.id])
  const two = seen && seen.id === pair?.id ? seen.two : null
  const refused = two ? refusals(two[0], two[1]) : null
  const step = (/** @type {number} */ way) => { const next = pairs[at + way]; if (next) show(next) }
  const decide = (/** @type {Decision} */ decision) => {
    if (!pair || !two || (decision === 'merge' ? refused?.merge : refused?.any)) return
    const [kept, other] = two, names = /** @type {[string, string]} */ ([kept.name, other.name])
    const next = pairs[at + 1] ?? pairs[at - 1]
    mine.value = new Map(mine.value).set(pair.id, { decision, gone: decision === 'merge' ? other.id : '' })
    hold({
      key: pair.id, text: W.decided[decision](...names), path: `/v1/duplicates/${pair.id}`, body: { decision },
      done: (told) => { sent.value += 1; if (decision === 'merge' && told.kept) merges.value = [{ ...told, names, state: 'merged' }, ...merges.value] },
      back: (isUndone) => { mine.value = new Map([...mine.value].filter(([each]) => each !== pair.id)); if (isUndone) show(pair) },
    })
    const after = next && open.value.includes(next) ? next : open.value[Math.min(at, open.value.length - 1)]
    show(after)
  }
  useLayoutEffect(() => shortcuts([
    { keys: 'i', does: W.ignore, where: T.nav.duplicates, act: () => decide('ignore') }, { keys: 'b', does: W.keep_both, where: T.nav.duplicates, act: () => decide('keep_both') }, { keys: 'm', does: W.merge, where: T.nav.duplicates, act: () => decide('merge') },
    { keys: 'ArrowRight', does: W.next, where: T.nav.duplicates, act: () => step(1) }, { keys: 'ArrowLeft', does: W.previous, where: T.nav.duplicates, act: () => step(-1) },
    { keys: 'z', does: W.undo, where: T.nav.duplicates, act: () => { if (!takeLastBack()) say({ text: W.nothing }) } },
  ]), [pair, two, pairs])
  return html`<header class="top"><h1>${T.nav.duplicates}</h1>${pair && html`<span class="small dimmer num" role="status">${W.place(at + 1, many.value)}</span><span class="grow"></span><${Button} kind="bare" icon="left" label=${W.previous} act=${() => step(-1)} why=${at <= 0 ? W.first : undefined} /><${Button} kind="bare" icon="right" label=${W.next} act=${() => step(1)} why=${at + 1 >= pairs.length ? W.last : undefined} />`}${!pair && html`<span class="grow"></span>`}<a class="btn bare" href=${href(['duplicates', 'decided'])}>${D.link}</a></header>
    <main class="room twins"><div class="page">${problem.value && !isRead.value ? html`<${Trouble} problem=${problem.value} again=${() => { readPairs() }} />`
      : !isRead.value ? html`<div aria-busy="true"></div>`
      : !pair ? html`<${Empty} icon=${pairs.length ? 'help' : 's-ok'} title=${pairs.length ? W.gone : W.empty}><p class="dim">${pairs.length ? W.goneHint : W.emptyHint}</p>${pairs.length ? html`<${Button} act=${() => show(pairs[0])}>${W.goOn}<//>` : html`<a class="btn" href=${href(['library'])}>${T.trouble.home}</a>`}<//>`
      : failed ? html`<${Trouble} problem=${failed} again=${load} />`
      : html`<${Both} pair=${pair} two=${two} akin=${pairs.filter((one) => one !== pair && isAkin(one, pair)).length} />`}
      ${merges.value.length > 0 && html`<section class="list"><header><h2>${W.merged}</h2></header><ul>${merges.value.map((one) => html`<li class="done" key=${one.id}><span class="grow wordy">${W.mergedLine(...one.names)}</span>${one.state === 'undone' ? html`<span class="dim" role="status">${W.tookBack}</span>` : html`<${Button} kind="small" icon="undo" busy=${one.state === 'undoing' && W.takingBack} act=${() => { unmerge(one).catch(sayFailed) }}>${W.takeBack}<//>`}</li>`)}</ul></section>`}</div>
      ${pair && two && refused && html`<section class="verdict" aria-label=${W.decide}><p class="mid"><${Merging} kept=${two[0]} other=${two[1]} /></p><div class="flow">
        <${Button} act=${() => decide('ignore')} why=${refused.any || undefined} keys="I">${W.ignore}<//><${Button} act=${() => decide('keep_both')} why=${refused.any || undefined} keys="B">${W.keep_both}<//><${Button} kind="main" act=${() => decide('merge')} why=${refused.merge || undefined} keys="M">${W.merge}<//></div>
        ${refused.merge && html`<p class="hint">${refused.merge}</p>`}</section>`}</main>`
}

/** What a merge of the two does, in a sentence. @param {{kept: any, other: any}} given */
function Merging({ kept, other }) {
  const what = gains(kept, other)
  return html`<span class="dim">${W.merges(kept.name)}${what.length ? W.gains(what) : W.nothingNew} ${W.trashes(other.name)}</span>`
}

/** Both pictures, the older one first, and what differs. @param {{pair: Pair, two: any[] | null, akin: number}} given */
function Both({ pair, two, akin }) {
  const shown = two ?? pair.assets
  const { differs, same } = two ? compared(two[0], two[1]) : { differs: [], same: [] }
  const [left, right] = shown.map((one) => (one.width_px ?? 0) * (one.height_px ?? 0))
  return html`<p class="dim mid">${W.lead}${akin > 0 && ` ${W.others(akin)}`}</p><div class="pairs">${shown.map((one, at) => html`<figure key=${one.id}><a href=${href(['asset', one.id])}><${Picture} item=${{ ...one, thumb_url: one.renditions?.find((/** @type {any} */ each) => each.name === 'medium')?.url ?? one.thumb_url }} isFast=${false} /><h2 class="cut" title=${one.name}>${one.name}</h2></a>${two && html`<figcaption class="small dim">${at ? W.newer : W.older}</figcaption>`}</figure>`)}</div>
    ${two && html`<section class="stack"><h2>${W.what}</h2>${differs.length > 0 ? html`<table class="differs" role="table"><thead class="vh"><tr role="row"><th scope="col">${W.fact}</th>${two.map((one) => html`<th scope="col" key=${one.id}>${one.name}</th>`)}</tr></thead><tbody>${differs.map(([fact, one, other]) => html`<tr key=${fact} role="row"><th scope="row" role="rowheader">${W.facts[fact]}</th>${[one, other].map((value, at) => html`<td class="num" role="cell">${value || html`<span class="dimmer">${W.none}</span>`}${fact === 'pixels' && (at ? right > left : left > right) && html` <span class="small dim">${W.larger}</span>`}</td>`)}</tr>`)}</tbody></table>` : html`<p class="dim">${W.sameAll}</p>`}
      ${differs.length > 0 && same.length > 0 && html`<p class="small dim">${W.same(same)}</p>`}</section>`}`
}
