// @ts-check
// API keys: what each may, when it was last used; made, given a new secret, revoked. The secret is shown once.
import { html, useEffect, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { call, every } from '../lib/http.js'
import { M } from '../lib/managing.js'
import { may } from '../lib/session.js'
import { day, moment, T, when } from '../lib/text.js'
import { Button, Empty, Menu, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { endOf, Line, said, Several } from '../parts/form.js'
import { PlacesField } from '../parts/places-field.js'
import { say, sayFailed } from '../parts/toast.js'

const W = M.keys
const RIGHTS = Object.entries(M.roles.rights).map(([value, word]) => ({ value, word }))
const OVERLAP_S = 3600

export default function Keys() {
  const [keys, setKeys] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const [asked, setAsked] = useState(/** @type {{what: string, one?: any} | null} */ (null))
  const load = () => every('/v1/keys').then((found) => { setKeys(found); setProblem(null) }, setProblem)
  useEffect(() => { load() }, [])
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  if (!keys) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const close = () => setAsked(null)
  const rotate = async (/** @type {any} */ one) => { try { setAsked({ what: 'secret', one: await call('POST', `/v1/keys/${one.id}/rotate`, { body: { overlap_s: OVERLAP_S } }) }) } catch (refused) { close(); sayFailed(refused) } }
  const revoke = async (/** @type {any} */ one) => {
    close()
    try { await call('DELETE', `/v1/keys/${one.id}`); say({ text: W.revoked(one.name) }) } catch (refused) { sayFailed(refused) }
    load()
  }
  return html`<section class="list" aria-label=${T.manage.rooms.keys}><header><h2>${T.manage.rooms.keys}</h2><span class="dimmer num grow">${keys.length}</span><${Button} kind="main" icon="plus" act=${() => setAsked({ what: 'form' })}>${W.make}<//></header>
    ${keys.length ? html`<ul>${keys.map((one) => html`<li class="up" key=${one.id}><span class="doc" aria-hidden="true">${one.name.slice(0, 1).toUpperCase()}</span><div><div class="cut strong">${one.name}</div><div class="small dim cut">${limits(one)}</div></div>
      <div class="pg small dim">${one.last_used_at ? `${W.used} ${when(one.last_used_at)}` : W.notUsed}</div><div class="acts"><span class="small dim">${one.expires_at ? T.manage.ends(day(one.expires_at)) : ''}</span>
      <${Menu} id=${`k-${one.id}`} label=${`${T.manage.acts}: ${one.name}`} items=${[{ word: W.rotate, icon: 'retry', do: () => setAsked({ what: 'rotate', one }) }, { word: W.revoke, icon: 'trash', kind: 'bad', do: () => setAsked({ what: 'revoke', one }) }]} /></div></li>`)}</ul>` : html`<${Empty} icon="lock" title=${W.none}><p class="dim">${W.noneHint}</p><//>`}</section>
    ${may('upload') && html`<section class="list" aria-label=${W.drop}><header><h2 class="grow">${W.drop}</h2><${Button} act=${() => setAsked({ what: 'drop' })} icon="upload">${W.lend}<//></header><p class="lead mid dim">${W.dropHint}</p></section>`}
    ${asked?.what === 'drop' && html`<${Drop} close=${close} />`}
    ${asked?.what === 'form' && html`<${Form} close=${close} done=${(/** @type {any} */ one) => { setAsked({ what: 'secret', one }); load() }} />`}
    ${asked?.what === 'secret' && html`<${Secret} one=${asked.one} close=${close} />`}
    ${asked?.what === 'rotate' && html`<${Dialog} title=${W.rotateAsk(asked.one.name)} close=${close} act=${{ word: W.rotate, do: () => rotate(asked.one) }}><p class="dim">${W.rotateHint}</p><//>`}
    ${asked?.what === 'revoke' && html`<${Dialog} title=${W.revokeAsk(asked.one.name)} close=${close} act=${{ word: W.revoke, kind: 'bad', do: () => revoke(asked.one) }}><p class="dim">${W.revokeHint}</p><//>`}`
}

/** What a key may, in words. @param {any} one */
const limits = (one) => [one.rights ? one.rights.map((/** @type {string} */ right) => M.roles.rights[right]).join(', ') : W.all, one.collection_ids && W.in(one.collection_ids.map((/** @type {string} */ id) => byId.value.get(id)?.path ?? T.collections.one).join(', '))].filter(Boolean).join(' · ')

/** @param {{close: () => void, done: (made: any) => void}} given */
function Form({ close, done }) {
  const [name, setName] = useState(''), [rights, setRights] = useState(/** @type {string[]} */ ([])), [until, setUntil] = useState('')
  const [roles, setRoles] = useState(/** @type {any[]} */ ([])), [as, setAs] = useState(/** @type {string[]} */ ([])), [places, setPlaces] = useState(/** @type {string[]} */ ([]))
  useEffect(() => { every('/v1/roles').then(setRoles, sayFailed) }, [])
  const [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try { done(await call('POST', '/v1/keys', { body: { name, expires_at: endOf(until), ...(rights.length ? { rights } : {}), ...(as.length ? { role_ids: as } : {}), ...(places.length ? { collection_ids: places } : {}) } })) } catch (refused) { setWhy(said(refused)); setBusy(false) }
  }
  return html`<${Dialog} title=${W.make} close=${close} act=${{ word: W.makeAct, do: save, busy: isBusy && T.acts.saving, why: name.trim() ? undefined : T.acts.nameFirst }}>${why[''] && html`<p class="hint bad" role="alert">${why['']}</p>`}
    <${Line} id="k-name" label=${T.manage.name} value=${name} set=${setName} why=${why.name} auto required /><${Several} label=${W.only} all=${RIGHTS} chosen=${rights} set=${setRights} hint=${why.rights || W.onlyHint} />
    <${PlacesField} label=${W.inside} ids=${places} set=${setPlaces} hint=${W.insideHint} why=${why.collection_ids} />${roles.length > 0 && html`<${Several} label=${W.as} all=${roles.map((one) => ({ value: one.id, word: one.name }))} chosen=${as} set=${setAs} hint=${why.role_ids || W.asHint} />`}
    <${Line} id="k-until" type="date" label=${T.manage.until} value=${until} set=${setUntil} hint=${T.manage.untilHint} why=${why.expires_at} /><//>`
}

/** @param {{one: {name: string, key: string}, close: () => void}} given */
function Secret({ one, close }) {
  const [isCopied, setCopied] = useState(false)
  return html`<${Dialog} title=${W.once} close=${close} safe=${T.acts.close}><p class="dim">${W.onceHint}</p><div class="flow"><div class="field grow"><input readonly aria-label=${one.name} value=${one.key} onFocus=${(/** @type {any} */ event) => event.target.select()} /></div>
    <${Button} act=${() => { navigator.clipboard.writeText(one.key).then(() => setCopied(true), sayFailed) }}>${isCopied ? W.copied : W.copy}<//></div><//>`
}

/** Keys to drop files with, lent for an hour and shown once. @param {{close: () => void}} given */
function Drop({ close }) {
  const [lent, setLent] = useState(/** @type {any} */ (null)), [isCopied, setCopied] = useState(false)
  useEffect(() => { call('POST', '/v1/drop-credentials', { body: {} }).then(setLent, (refused) => { close(); sayFailed(refused) }) }, [])
  if (!lent) return html`<${Dialog} key="wait" title=${W.drop} close=${close}><p class="dim" role="status">${W.lending}</p><//>`
  const lines = [`export AWS_ACCESS_KEY_ID=${lent.access_key}`, `export AWS_SECRET_ACCESS_KEY=${lent.secret_key}`, `export AWS_SESSION_TOKEN=${lent.session_token}`, `export AWS_ENDPOINT_URL=${lent.endpoint}`, `aws s3 cp photo.jpg "s3://${lent.bucket}/${lent.prefix}"`].join('\n')
  return html`<${Dialog} key="lent" title=${W.lent} close=${close} safe=${T.acts.close} act=${{ word: isCopied ? W.copied : W.copy, do: () => { navigator.clipboard.writeText(lines).then(() => setCopied(true), sayFailed) } }}><p class="dim">${W.lentHint(moment(lent.expires_at))}</p>
    <div class="field"><textarea readonly rows="6" aria-label=${W.lines} value=${lines} onFocus=${(/** @type {any} */ event) => event.target.select()}></textarea></div><//>`
}
