// @ts-check
// Pairs of near duplicates that were decided, lately decided first: what, by whom, when, and the way back.
import { html, useEffect, useState } from '../vendor/ui.js'
import { D, mine, readPairs, sent } from '../lib/duplicates.js'
import { call } from '../lib/http.js'
import { changedSince, expectChange } from '../lib/live.js'
import { href } from '../lib/router.js'
import { moment, T, when } from '../lib/text.js'
import { Button, Empty, Trouble } from '../parts/basics.js'
import { Picture } from '../parts/tile.js'
import { say, sayFailed } from '../parts/toast.js'

const PAGE = 50

/** @typedef {{id: string, decided: {decision: import('../lib/duplicates.js').Decision, by: string, by_name: string | null, at: string}, assets: any[]}} Decided */

export default function DecidedPairs() {
  const [found, setFound] = useState(/** @type {{items: Decided[], next: string | null} | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [busy, setBusy] = useState('')
  const read = (/** @type {string} */ cursor) => call('GET', '/v1/duplicates', { query: { state: 'decided', limit: PAGE, cursor } })
  const load = () => { read('').then((page) => { setFound(page); setProblem(null) }, setProblem) }
  useEffect(() => { document.title = `${D.title} · ${T.app}` }, [])
  useEffect(load, [changedSince.value, sent.value])
  const more = async () => {
    setBusy('more')
    try { const page = await read(found?.next ?? ''); setFound({ items: [...(found?.items ?? []), ...page.items], next: page.next }) } catch (refused) { sayFailed(refused) } finally { setBusy('') }
  }
  const changed = () => { readPairs(); load(); expectChange() }
  const decideAgain = (/** @type {Decided} */ one) => { call('POST', `/v1/duplicates/${one.id}`, { body: { decision: one.decided.decision } }).then(changed, sayFailed) }
  const open = async (/** @type {Decided} */ one) => {
    setBusy(one.id)
    try {
      await call('POST', `/v1/duplicates/${one.id}/reopen`)
      mine.value = new Map([...mine.value].filter(([id]) => id !== one.id))
      say({ text: D.opened, undo: one.decided.decision === 'merge' ? undefined : () => decideAgain(one) })
      changed()
    } catch (refused) { sayFailed(refused) } finally { setBusy('') }
  }
  return html`<header class="top"><h1>${D.title}</h1><span class="grow"></span><a class="btn" href=${href(['duplicates'])}>${D.back}</a></header>
    <main class="room twins"><div class="page">${problem && !found ? html`<${Trouble} problem=${problem} again=${load} />`
      : !found ? html`<div aria-busy="true"></div>`
      : found.items.length === 0 && !found.next ? html`<${Empty} icon="s-none" title=${D.none}><p class="dim">${D.noneHint}</p><a class="btn" href=${href(['duplicates'])}>${D.back}</a><//>`
      : html`<p class="dim mid">${D.lead}</p><section class="list" aria-label=${D.title}><ul>${found.items.map((one) => html`<${Line} key=${one.id} one=${one} isBusy=${busy === one.id} open=${() => { open(one) }} />`)}</ul>
        ${found.next && html`<div class="lead flow"><${Button} act=${more} busy=${busy === 'more' && T.library.loading}>${D.more}<//></div>`}</section>`}</div></main>`
}

/** One pair and what became of it. @param {{one: Decided, isBusy: boolean, open: () => void}} given */
function Line({ one, isBusy, open }) {
  const away = one.assets.find((each) => each.state !== 'live'), names = one.assets.map((each) => each.name), { decision, by_name: name, at } = one.decided
  return html`<li class="decided"><span class="two">${one.assets.map((each) => html`<a key=${each.id} href=${href(['asset', each.id])} aria-label=${each.name}><${Picture} item=${each} isFast=${false} /></a>`)}</span>
    <div class="wordy"><div class="strong">${D.pair(names[0], names[1])}</div><div class="small dim">${D.what[decision]} ${name ?? D.gone}, <time datetime=${at} title=${moment(at)}>${when(at)}</time></div></div>
    <${Button} kind="small" icon="undo" label=${`${D.openAgain}: ${D.pair(names[0], names[1])}`} act=${open} busy=${isBusy && D.opening} why=${away && D.away(away.name, away.state)}>${D.openAgain}<//></li>`
}
