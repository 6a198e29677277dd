// @ts-check
// Links that were shared: what each shows and lets visitors do, how often it was opened; copied, changed, revoked.
import { html, useEffect, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { call } from '../lib/http.js'
import { mayWords, W } from '../lib/shares.js'
import { counted, day, T, when } from '../lib/text.js'
import { Badge, Button, Empty, Icon, Menu, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { ShareForm } from '../parts/sharing.js'
import { say, sayFailed } from '../parts/toast.js'

const PAGE = 20
/** What a link shows, in words. @param {any} target */
const shows = (target) => (target.kind === 'collection' ? (byId.value.has(target.collection_id) ? byId.value.get(target.collection_id)?.path || W.whole : W.gone) : target.kind === 'search' && !target.asset_ids ? target.q || W.whole : counted(target.asset_ids?.length ?? 0, T.picture.one, T.picture.many))
/** @param {any} one */
const called = (one) => one.name ?? shows(one.target)

export default function Shares() {
  const [all, setAll] = useState(/** @type {any[] | null} */ (null)), [next, setNext] = useState(/** @type {string | null} */ (null))
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asked, setAsked] = useState(/** @type {{what: string, one: any} | null} */ (null))
  const load = async (cursor = '') => {
    try { const page = await call('GET', '/v1/shares', { query: { limit: PAGE, cursor } }); setAll((now) => (cursor ? [...(now ?? []), ...page.items] : page.items)); setNext(page.next); setProblem(null) } catch (refused) { if (cursor) sayFailed(refused); else setProblem(/** @type {Error} */ (refused)) }
  }
  useEffect(() => { document.title = `${W.room} · ${T.app}`; load() }, [])
  const close = () => setAsked(null)
  const put = (/** @type {any} */ changed) => setAll((now) => (now ?? []).map((one) => (one.id === changed.id ? changed : one)))
  const revoke = async (/** @type {any} */ one) => {
    close()
    try { await call('DELETE', `/v1/shares/${one.id}`, { etag: one.etag }); put(await call('GET', `/v1/shares/${one.id}`)); say({ text: W.revoked(called(one)) }) } catch (refused) { sayFailed(refused); load() }
  }
  return html`<header class="top"><h1>${W.room}</h1></header><main class="room"><div class="page">${problem ? html`<${Trouble} problem=${problem} again=${() => load()} />` : !all ? html`<p class="dim" role="status">${T.library.loading}</p>`
    : !all.length ? html`<${Empty} icon="share" title=${W.none}><p class="dim">${W.noneHint}</p><a class="btn main" href="#/library">${T.trouble.home}</a><//>`
    : html`<section class="list links" aria-label=${W.room}><ul>${all.map((one) => html`<${Row} key=${one.id} one=${one} ask=${(/** @type {string} */ what) => setAsked({ what, one })} />`)}</ul>${next && html`<p class="lead"><${Button} act=${() => load(next)}>${W.showMore}<//></p>`}</section>`}</div></main>
    ${asked?.what === 'change' && html`<${ShareForm} one=${asked.one} close=${close} done=${(/** @type {any} */ one) => { close(); put(one); say({ text: W.saved }) }} />`}
    ${asked?.what === 'revoke' && html`<${Dialog} title=${W.revokeAsk(called(asked.one))} close=${close} act=${{ word: W.revoke, kind: 'bad', do: () => revoke(asked.one) }}><p class="dim">${W.revokeHint}</p><//>`}`
}

/** @param {{one: any, ask: (what: string) => void}} given */
function Row({ one, ask }) {
  const [stats, setStats] = useState(/** @type {any} */ (null)), [isCopied, setCopied] = useState(false)
  useEffect(() => { call('GET', `/v1/shares/${one.id}/stats`).then(setStats, () => {}) }, [one.id])
  const [kind, glyph, word] = W.states[one.state], [icon, what] = W.kinds[one.target.kind], isLive = one.state === 'open' || one.state === 'early'
  const items = [...(isLive ? [{ word: W.guest, icon: 'arrow', do: () => { open(one.url, '_blank', 'noopener') } }] : []), { word: W.change, icon: 'gear', do: () => ask('change') }, { word: W.revoke, icon: 'x', kind: 'bad', do: () => ask('revoke') }]
  const until = one.state === 'revoked' ? '' : one.state === 'early' ? W.begins(day(one.starts_at)) : one.expires_at ? W.ends(day(one.expires_at), one.state === 'over') : W.endless
  return html`<li class="up"><span class="doc"><${Icon} name=${icon} label=${what} /></span><div><div class="flow"><b class="cut strong" title=${called(one)}>${called(one)}</b>${one.has_password && html`<${Icon} name="lock" label=${W.locked} cls="g" />`}</div><div class="small dim cut">${[one.name && shows(one.target), mayWords(one.switches)].filter(Boolean).join(' · ')}</div></div>
    <div class="pg small dim num">${stats && html`<div>${stats.opens ? W.opens(stats.opens, stats.downloads) : W.never}</div>${stats.opened_at && html`<div>${W.last} ${when(stats.opened_at)}</div>`}`}</div>
    <div class="pg small"><${Badge} kind=${kind} glyph=${glyph}>${word}<//><div class="dim">${until}</div></div>
    <div class="acts">${isLive && html`<${Button} kind="small" icon="share" label=${`${W.copy}: ${called(one)}`} act=${() => { navigator.clipboard.writeText(one.url).then(() => setCopied(true), sayFailed) }}>${isCopied ? W.copied : W.copy}<//>`}
    ${one.state !== 'revoked' && html`<${Menu} id=${`sh-${one.id}`} label=${`${W.acts}: ${called(one)}`} items=${items} />`}</div></li>`
}
