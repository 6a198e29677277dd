// @ts-check
// Members: who is in, with which roles, and until when.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call, every } from '../lib/http.js'
import { day, T } from '../lib/text.js'
import { Badge, Button, Menu, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { dayOf, endOf, Line, said, Several } from '../parts/form.js'
import { say, sayFailed } from '../parts/toast.js'

const W = T.manage
const isOver = (/** @type {any} */ one) => one.expires_at && new Date(one.expires_at) < new Date()

export default function Members() {
  const [state, setState] = useState(/** @type {{members: any[], roles: any[]} | null} */ (null))
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const [asked, setAsked] = useState(/** @type {{what: string, one?: any} | null} */ (null))
  const load = async () => {
    try { const [members, roles] = await Promise.all([every('/v1/members'), every('/v1/roles')]); setState({ members, roles }); setProblem(null) } catch (refused) { setProblem(/** @type {Error} */ (refused)) }
  }
  useEffect(() => { load() }, [])
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  if (!state) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const nameOf = new Map(state.roles.map((one) => [one.id, one.name]))
  const close = () => setAsked(null)
  const remove = async (/** @type {any} */ one) => {
    close()
    try { await call('DELETE', `/v1/members/${one.id}`, { etag: one.etag }); say({ text: W.removed(one.name) }) } catch (refused) { sayFailed(refused) }
    load()
  }
  return html`<section class="list" aria-label=${W.rooms.members}><header><h2>${W.rooms.members}</h2><span class="dimmer num grow">${state.members.length}</span><${Button} kind="main" icon="plus" act=${() => setAsked({ what: 'form' })}>${W.add}<//></header>
    <ul>${state.members.map((one) => html`<li class="up" key=${one.id}><span class="doc" aria-hidden="true">${one.name.slice(0, 1).toUpperCase()}</span><div><div class="cut strong">${one.name}</div><div class="small dim cut">${one.email}</div></div>
      <div class="pg small">${one.role_ids.map((/** @type {string} */ id) => nameOf.get(id)).filter(Boolean).join(', ') || html`<span class="dim">${W.noRoles}</span>`}</div>
      <div class="acts">${isOver(one) ? html`<${Badge} kind="is-bad" glyph="s-bad">${W.over}<//>` : one.expires_at && html`<span class="small dim">${W.ends(day(one.expires_at))}</span>`}
      <${Menu} id=${`m-${one.id}`} label=${`${W.acts}: ${one.name}`} items=${[{ word: W.edit, icon: 'gear', do: () => setAsked({ what: 'form', one }) }, { word: W.remove, icon: 'trash', kind: 'bad', do: () => setAsked({ what: 'remove', one }) }]} /></div></li>`)}</ul></section>
    ${asked?.what === 'form' && html`<${Form} one=${asked.one} roles=${state.roles} close=${close} done=${() => { close(); load() }} />`}
    ${asked?.what === 'remove' && html`<${Dialog} title=${W.removeAsk(asked.one.name)} close=${close} act=${{ word: W.remove, kind: 'bad', do: () => remove(asked.one) }}><p class="dim">${W.removeHint}</p><//>`}`
}

/** @param {{one?: any, roles: any[], close: () => void, done: () => void}} given */
function Form({ one, roles, close, done }) {
  const [name, setName] = useState(one?.name ?? ''), [email, setEmail] = useState(one?.email ?? '')
  const [chosen, setChosen] = useState(/** @type {string[]} */ (one?.role_ids ?? [])), [until, setUntil] = useState(dayOf(one?.expires_at))
  const [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    const body = { name, email, role_ids: chosen, expires_at: endOf(until) }
    try { await (one ? call('PATCH', `/v1/members/${one.id}`, { body, etag: one.etag }) : call('POST', '/v1/members', { body })); done() } catch (refused) { setWhy(said(refused)); setBusy(false) }
  }
  return html`<${Dialog} title=${one ? one.name : W.add} close=${close} act=${{ word: one ? T.acts.save : W.addAct, do: save, busy: isBusy && T.acts.saving }}>
    ${why[''] && html`<p class="hint bad" role="alert">${why['']}</p>`}
    <${Line} id="m-name" label=${W.name} value=${name} set=${setName} why=${why.name} auto required /><${Line} id="m-email" type="email" label=${W.email} value=${email} set=${setEmail} why=${why.email} hint=${one ? undefined : W.addHint} required />
    <${Several} label=${W.roles} all=${roles.map((role) => ({ value: role.id, word: role.name }))} chosen=${chosen} set=${setChosen} hint=${why.role_ids} /><${Line} id="m-until" type="date" label=${W.until} value=${until} set=${setUntil} hint=${W.untilHint} why=${why.expires_at} /><//>`
}
