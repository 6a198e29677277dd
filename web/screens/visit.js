// @ts-check
// For whoever opened a link: what is shared, one picture large, downloads where the link has them. No account, no sidebar.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { bearer, call, Refused } from '../lib/http.js'
import { dressed } from '../lib/look.js'
import { href, route } from '../lib/router.js'
import { T, counted, dated } from '../lib/text.js'
import { W } from '../lib/visitors.js'
import { Button, Empty, Icon, Lazy } from '../parts/basics.js'

/** @typedef {{name: string | null, switches: Record<string, boolean>, expires_at: string | null, collection_id?: string | null}} Share */
/** `name`: who the visitor said to be; `isLocked`: a password opened it. @typedef {{session: string, workspace: string, share: Share, name?: string, isLocked?: boolean}} Visit */
/** @typedef {{id: string, name: string, title: string | null, width_px: number | null, height_px: number | null, thumb_url: string | null}} Slim */

const PAGE = 60
const place = (/** @type {string} */ token) => `packshot.visit.${token}`

/** The visit that this tab has begun with the link, if any. @param {string} token @returns {Visit | null} */
function begun(token) {
  const kept = sessionStorage.getItem(place(token))
  return kept ? JSON.parse(kept) : null
}

export default function Visiting() {
  const [, token, assetId] = route.value.path
  const [visit, setVisit] = useState(/** @type {Visit | null} */ (null))
  const [refused, setRefused] = useState(/** @type {Refused | null} */ (null))
  const [found, setFound] = useState(/** @type {{items: Slim[], total: number, next: string | null} | null} */ (null))

  /** @param {any} problem */
  const over = (problem) => { sessionStorage.removeItem(place(token)); bearer.value = ''; setVisit(null); setFound(null); setRefused(problem instanceof Refused ? problem : new Refused(0, {})) }
  /** @param {Visit} now */
  const enter = async (now) => {
    bearer.value = now.session
    setFound(await call('GET', '/v1/search', { query: { limit: PAGE } }))
    setVisit(now)
    setRefused(null)
  }
  /** Go on with a visit, by what the link lets through now. @param {Visit} kept */
  const again = async (kept) => {
    bearer.value = kept.session
    const { share } = await call('GET', '/v1/me')
    await enter({ ...kept, share })
  }
  const secret = useRef('')
  /** Begin a visit. @param {string} [password] @param {string} [name] */
  const begin = async (password, name) => {
    const before = bearer.value
    bearer.value = ''
    try {
      const now = { ...await call('POST', '/v1/share-sessions', { body: { token, ...(password ? { password } : {}), ...(name ? { name } : {}) } }), name, isLocked: Boolean(password) }
      secret.current = password ?? ''
      sessionStorage.setItem(place(token), JSON.stringify(now))
      return now
    } catch (problem) { bearer.value = before; throw problem }
  }
  /** @param {string} [password] */
  const open = async (password) => { try { await enter(await begin(password)) } catch (problem) { over(problem) } }
  /** Go on as somebody with a name. @param {string} name @param {string} password */
  const join = async (name, password) => { const now = await begin(password || secret.current || undefined, name); bearer.value = now.session; setVisit(now) }
  const more = async () => {
    const next = await call('GET', '/v1/search', { query: { limit: PAGE, cursor: found?.next } }).catch(over)
    if (next && found) setFound({ ...next, items: [...found.items, ...next.items] })
  }
  useEffect(() => {
    const kept = begun(token)
    if (kept) again(kept).catch(() => open())
    else open()
    return () => { bearer.value = '' }
  }, [token])
  useEffect(() => { document.title = `${visit?.share.name ?? T.visit.title} · ${T.app}` }, [visit])

  if (refused) return html`<${Closed} refused=${refused} open=${open} />`
  if (!visit || !found) return html`<div class="visit" aria-busy="true"></div>`
  return html`<div class="visit"><${Top} visit=${visit} />${assetId
    ? html`<${One} key=${assetId} token=${token} id=${assetId} items=${found.items} share=${visit.share} over=${over} visitor=${{ switches: visit.share.switches, name: visit.name ?? null, isLocked: visit.isLocked && !secret.current, join, over }} />`
    : html`<${All} token=${token} visit=${visit} found=${found} more=${more} over=${over} />`}</div>`
}

/** @param {{visit: Visit}} given */
const Top = ({ visit }) => html`<header class="top"><span class="brand"><${Icon} name="mark" cls="mark" />${T.app}</span><span class="small dim">${T.visit.may(visit.share.switches)}</span></header>`

/** The link asks for its password, or does not open. @param {{refused: Refused, open: (password: string) => void}} given */
function Closed({ refused, open }) {
  const [password, setPassword] = useState('')
  const asks = refused.code.startsWith('share_password')
  /** @param {Event} event */
  const send = (event) => { event.preventDefault(); if (password) open(password) }
  return html`<div class="visit"><header class="top"><span class="brand"><${Icon} name="mark" cls="mark" />${T.app}</span></header><main class="page">${asks
    ? html`<form onSubmit=${send}><h1>${T.visit.locked}</h1><p class="dim">${T.visit.lockedHint}</p>
      <label class="stack"><span>${T.visit.password}</span><span class="field"><input type="password" autocomplete="off" autofocus value=${password} onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} /></span></label>
      ${refused.code === 'share_password_wrong' && html`<p class="hint bad" role="alert">${refused.message}</p>`}<button type="submit" class="btn main">${T.visit.enter}</button></form>`
    : html`<${Empty} icon=${refused.startsAt ? 'clock' : 'warn'} level="h1" title=${T.visit.closed}><p class="dim" role="alert">${refused.message}${refused.startsAt ? ` ${W.early(dated(refused.startsAt))}` : ''}</p>${refused.status === 410 && html`<p class="dim">${W.ask}</p>`}${(refused.status === 0 || refused.status >= 429) && html`<${Button} act=${() => open(password)} icon="retry">${T.acts.retry}<//>`}<//>`}</main></div>`
}

/** @param {{token: string, visit: Visit, found: {items: Slim[], total: number, next: string | null}, more: () => void, over: (problem: any) => void}} given */
const All = ({ token, visit, found, more, over }) => html`<main class="page"><div class="stack"><h1>${visit.share.name ?? T.visit.title}</h1>
  <p class="dim">${visit.share.switches.view && T.visit.from(counted(found.total, 'picture'), visit.workspace)} ${visit.share.expires_at && T.visit.until(dated(visit.share.expires_at))}</p></div>
  ${visit.share.switches.upload && visit.share.collection_id && html`<${Lazy} bare load=${() => import('../parts/sending.js')} home=${visit.share.collection_id} />`}
  ${!visit.share.switches.view ? null : found.total === 0 ? html`<${Empty} icon="image" title=${T.visit.none}><p class="dim">${T.visit.noneHint}</p><//>` : html`<ul class="vgrid">${found.items.map((one) => html`<${Tile} key=${one.id} token=${token} one=${one} downloads=${visit.share.switches.download} over=${over} />`)}</ul>`}
  ${found.next && html`<p class="flow"><${Button} act=${more}>${T.visit.more}<//></p>`}
  ${visit.share.switches.view && html`<div class="bann is-acc"><${Icon} name="info" /><span>${T.visit.follows}</span></div>`}</main>`

const called = (/** @type {Slim} */ one) => one.title || one.name
const shape = (/** @type {{width_px: number | null, height_px: number | null}} */ one) => Math.min(2.4, Math.max(0.5, (one.width_px ?? 1) / (one.height_px ?? 1)))

/** @param {{token: string, one: Slim, downloads: boolean, over: (problem: any) => void}} given */
const Tile = ({ token, one, downloads, over }) => html`<li style=${{ '--r': shape(one) }}><a class="pic" href=${href(['s', token, one.id])} aria-label=${called(one)}>
  ${one.thumb_url ? html`<img src=${one.thumb_url} alt="" width=${one.width_px} height=${one.height_px} loading="lazy" />` : html`<${Icon} name="doc" cls="nopic" />`}</a>
  <div class="cap"><span class="grow cut">${called(one)}</span>${downloads && html`<${Download} one=${one} over=${over} kind="bare small" />`}</div></li>`

/** @param {{one: Slim, over: (problem: any) => void, kind: string, children?: any}} given */
function Download({ one, over, kind, children }) {
  const [why, setWhy] = useState('')
  const act = async () => {
    setWhy('')
    try {
      location.assign((await call('GET', `/v1/assets/${one.id}/download`, { query: { redirect: false } })).url)
    } catch (problem) {
      if (problem instanceof Refused && [401, 410].includes(problem.status)) over(problem)
      else setWhy(problem instanceof Error ? problem.message : String(problem))
    }
  }
  return html`<${Button} act=${act} icon="download" kind=${kind} label=${`${T.visit.download} ${called(one)}`}>${children}<//>${why && html`<span class="hint bad" role="alert">${why}</span>`}`
}

/** One picture, large; with what may be said of it and decided. @param {{token: string, id: string, items: Slim[], share: Share, over: (problem: any) => void, visitor: any}} given */
function One({ token, id, items, share, over, visitor }) {
  const [asset, setAsset] = useState(/** @type {any} */ (null)), [versions, setVersions] = useState(/** @type {any[]} */ ([])), [number, setNumber] = useState(0)
  const [talk, setTalk] = useState(/** @type {typeof import('../parts/visitor.js') | null} */ (null))
  const { comment, approve, download } = share.switches, says = comment || approve
  const load = () => Promise.all([call('GET', `/v1/assets/${id}`).then(setAsset), approve ? call('GET', `/v1/assets/${id}/versions`).then((found) => setVersions(found.items)) : null]).then(() => {}, over)
  useEffect(() => { load() }, [id])
  useEffect(() => { if (says) dressed('visitor', import('../parts/visitor.js')).then(setTalk, () => {}) }, [says])
  const at = items.findIndex((one) => one.id === id)
  const [before, after] = [items[at - 1], at < 0 ? undefined : items[at + 1]]
  const version = asset && (versions.find((one) => one.number === (number || versions[0]?.number)) ?? { number: asset.shown_version, approval: asset.approval, renditions: asset.renditions })
  const large = version?.renditions[0]
  /** @param {Slim | undefined} one @param {string} icon @param {string} label */
  const step = (one, icon, label) => one && html`<a class="btn icon" href=${href(['s', token, one.id])} aria-label=${label}><${Icon} name=${icon} /></a>`
  return html`<main class="page"><div class="flow"><a class="btn" href=${href(['s', token])}><${Icon} name="left" />${T.visit.back}</a><span class="grow"></span>${step(before, 'left', T.asset.previous)}${step(after, 'right', T.asset.next)}
    ${asset && download && html`<${Download} one=${asset} over=${over} kind=${approve ? '' : 'main'}>${T.visit.download}<//>`}</div>
    <figure class="stage" aria-busy=${asset ? undefined : 'true'}>${large && html`<div class="held"><img src=${large.url} alt=${asset.alt || called(asset)} width=${large.width_px} height=${large.height_px} />${talk && html`<${talk.Spots} may=${comment} />`}</div>`}${asset && !large && html`<${Empty} icon="doc" title=${T.asset.noPicture}><p class="dim">${asset.no_picture_because}</p><//>`}</figure>
    ${asset && html`<div class="stack"><h1>${called(asset)}</h1>${asset.description && html`<p>${asset.description}</p>`}</div>`}
    ${asset && version?.number && talk && html`<div class="says">${versions.length > 1 && html`<span class="bar" role="group" aria-label=${W.versions}>${versions.map((one) => html`<${Button} key=${one.number} pressed=${one.number === version.number} act=${() => setNumber(one.number)}>${W.version(one.number)}<//>`)}</span>`}<${talk.default} asset=${asset} version=${version} visitor=${visitor} again=${load} /></div>`}</main>`
}
