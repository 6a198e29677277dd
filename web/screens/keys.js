// @ts-check
// API keys: what each may, when it was last used; made, given a new secret, revoked. The secret is shown once.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call, every } from '../lib/http.js'
import { day, T, when } from '../lib/text.js'
import { Button, Empty, Trouble } from '../parts/basics.js'
import { Dialog, Menu } from '../parts/dialog.js'
import { endOf, Line, said, Several } from '../parts/form.js'
import { say, sayFailed } from '../parts/toast.js'

const W = T.keys
const RIGHTS = Object.entries(T.roles.rights).map(([value, word]) => ({ value, word }))
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
    ${keys.length ? html`<ul>${keys.map((one) => html`<li class="up" key=${one.id}><span class="doc" aria-hidden="true">${one.name.slice(0, 1).toUpperCase()}</span><div><div class="cut strong">${one.name}</div><div class="small dim cut">${one.rights ? one.rights.map((/** @type {string} */ right) => T.roles.rights[right]).join(', ') : W.all}</div></div>
      <div class="pg small dim">${one.last_used_at ? `${W.used} ${when(one.last_used_at)}` : W.notUsed}</div><div class="acts"><span class="small dim">${one.expires_at ? T.manage.ends(day(one.expires_at)) : ''}</span>
      <${Menu} id=${`k-${one.id}`} label=${`${T.manage.acts}: ${one.name}`} items=${[{ word: W.rotate, icon: 'retry', do: () => setAsked({ what: 'rotate', one }) }, { word: W.revoke, icon: 'trash', kind: 'bad', do: () => setAsked({ what: 'revoke', one }) }]} /></div></li>`)}</ul>` : html`<${Empty} icon="lock" title=${W.none}><p class="dim">${W.noneHint}</p><//>`}</section>
    ${asked?.what === 'form' && html`<${Form} close=${close} done=${(/** @type {any} */ one) => { setAsked({ what: 'secret', one }); load() }} />`}
    ${asked?.what === 'secret' && html`<${Secret} one=${asked.one} close=${close} />`}
    ${asked?.what === 'rotate' && html`<${Dialog} title=${W.rotateAsk(asked.one.name)} close=${close} act=${{ word: W.rotate, do: () => rotate(asked.one) }}><p class="dim">${W.rotateHint}</p><//>`}
    ${asked?.what === 'revoke' && html`<${Dialog} title=${W.revokeAsk(asked.one.name)} close=${close} act=${{ word: W.revoke, kind: 'bad', do: () => revoke(asked.one) }}><p class="dim">${W.revokeHint}</p><//>`}`
}

/** @param {{close: () => void, done: (made: any) => void}} given */
function Form({ close, done }) {
  const [name, setName] = useState(''), [rights, setRights] = useState(/** @type {string[]} */ ([])), [until, setUntil] = useState('')
  const [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try { done(await call('POST', '/v1/keys', { body: { name, expires_at: endOf(until), ...(rights.length ? { rights } : {}) } })) } catch (refused) { setWhy(said(refused)); setBusy(false) }
  }
  return html`<${Dialog} title=${W.make} close=${close} act=${{ word: W.makeAct, do: save, busy: isBusy && T.acts.saving, why: name.trim() ? undefined : T.acts.nameFirst }}>${why[''] && html`<p class="hint bad" role="alert">${why['']}</p>`}
    <${Line} id="k-name" label=${T.manage.name} value=${name} set=${setName} why=${why.name} auto required /><${Several} label=${W.only} all=${RIGHTS} chosen=${rights} set=${setRights} hint=${why.rights || W.onlyHint} />
    <${Line} id="k-until" type="date" label=${T.manage.until} value=${until} set=${setUntil} hint=${T.manage.untilHint} why=${why.expires_at} /><//>`
}

/** @param {{one: {name: string, key: string}, close: () => void}} given */
function Secret({ one, close }) {
  const [isCopied, setCopied] = useState(false)
  return html`<${Dialog} title=${W.once} close=${close} safe=${T.acts.close}><p class="dim">${W.onceHint}</p><div class="flow"><div class="field grow"><input readonly aria-label=${one.name} value=${one.key} onFocus=${(/** @type {any} */ event) => event.target.select()} /></div>
    <${Button} act=${() => { navigator.clipboard.writeText(one.key).then(() => setCopied(true), sayFailed) }}>${isCopied ? W.copied : W.copy}<//></div><//>`
}
