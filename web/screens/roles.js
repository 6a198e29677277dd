// @ts-check
// Roles as a matrix of collections and rights; beside it, what somebody with the role would see right now.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { byId, collections } from '../lib/collections.js'
import { call, every } from '../lib/http.js'
import { M } from '../lib/managing.js'
import { change, route } from '../lib/router.js'
import { T } from '../lib/text.js'
import { Badge, Button, Icon, Trouble } from '../parts/basics.js'
import { Naming, Picker } from '../parts/picker.js'
import { say, sayFailed } from '../parts/toast.js'

const W = M.roles, RIGHTS = Object.keys(W.rights), PICTURES = 8
const NEXT = /** @type {Record<string, string>} */ ({ none: 'allow', allow: 'deny', deny: 'none' })
const GLYPHS = /** @type {Record<string, [string, string]>} */ ({ none: ['s-none', 'is-none'], allow: ['s-ok', 'is-ok'], deny: ['s-bad', 'is-bad'] })
/** @typedef {{collection_id: string | null, allow: string[], deny: string[]}} Grant */
const where = (/** @type {string | null} */ id) => (id ? byId.value.get(id)?.path || W.whole : W.whole)
const stateOf = (/** @type {Grant} */ grant, /** @type {string} */ right) => (grant.deny.includes(right) ? 'deny' : grant.allow.includes(right) ? 'allow' : 'none')

export default function Roles() {
  const [roles, setRoles] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asked, setAsked] = useState('')
  /** Saves go one after the other, each on the state that the one before left: a second press does not wait for the first. */
  const turn = useRef({ last: /** @type {Promise<unknown>} */ (Promise.resolve()), waiting: 0, etags: /** @type {Map<string, string>} */ (new Map()) }).current
  const load = () => every('/v1/roles').then((found) => { for (const one of found) turn.etags.set(one.id, one.etag); setRoles(found); setProblem(null) }, setProblem)
  useEffect(() => { load() }, [])
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  if (!roles) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const role = roles.find((one) => one.id === route.value.query.role) ?? roles.find((one) => one.key !== 'dam_manager') ?? roles[0]
  const close = () => setAsked('')
  const put = (/** @type {any} */ next) => setRoles((now) => (now ?? []).map((one) => (one.id === next.id ? next : one)))
  const send = async (/** @type {object} */ body) => {
    try {
      const told = await call('PATCH', `/v1/roles/${role.id}`, { body, etag: turn.etags.get(role.id) ?? role.etag })
      turn.etags.set(role.id, told.etag)
      if (turn.waiting === 1) put(told)
      return true
    } catch (refused) { put(role); load(); throw refused } finally { turn.waiting -= 1 }
  }
  const save = (/** @type {object} */ body) => {
    turn.waiting += 1
    const saved = turn.last.then(() => send(body))
    turn.last = saved.catch(() => {})
    return saved
  }
  const grant = async (/** @type {Grant[]} */ grants) => {
    put({ ...role, grants })
    try { await save({ grants }); say({ text: W.saved }) } catch (refused) { sayFailed(refused) }
  }
  const press = (/** @type {number} */ row, /** @type {string} */ right) => grant(role.grants.map((/** @type {Grant} */ one, /** @type {number} */ at) => {
    if (at !== row) return one
    const next = NEXT[stateOf(one, right)], without = (/** @type {string[]} */ list) => list.filter((each) => each !== right)
    return { ...one, allow: next === 'allow' ? [...without(one.allow), right] : without(one.allow), deny: next === 'deny' ? [...without(one.deny), right] : without(one.deny) }
  }))
  const remove = async () => { try { await call('DELETE', `/v1/roles/${role.id}`, { etag: turn.etags.get(role.id) ?? role.etag }); say({ text: W.removed(role.name) }); change({ role: undefined }); await load() } catch (refused) { sayFailed(refused) } }
  const make = async (/** @type {string} */ name) => { const made = await call('POST', '/v1/roles', { body: { name, grants: [{ collection_id: null, allow: ['view'], deny: [] }] } }); await load(); change({ role: made.id }) }
  const taken = new Set(role.grants.map((/** @type {Grant} */ one) => one.collection_id))
  return html`<div class="flow wrap">${roles.map((one) => html`<${Button} key=${one.id} pressed=${one.id === role.id} act=${() => change({ role: one.id })}>${one.name}<//>`)}<span class="grow"></span><${Button} kind="main" icon="plus" act=${() => setAsked('new')}>${W.new}<//></div>
    <section class="list" aria-label=${role.name}><header><h2>${role.name}</h2>${role.key && html`<span class="dimmer mid">${W.ready}</span>`}<span class="grow"></span><${Button} kind="small" act=${() => setAsked('rename')}>${W.rename}<//>${!role.key && html`<${Button} kind="small bad" act=${remove}>${W.remove}<//>`}</header>
      <p class="lead dim mid">${W.hint}</p><div class="matrix"><table><thead><tr><th scope="col">${W.where}</th>${RIGHTS.map((right) => html`<th scope="col" key=${right}><span>${W.rights[right]}</span></th>`)}<td></td></tr></thead>
      <tbody>${role.grants.map((/** @type {Grant} */ one, /** @type {number} */ row) => html`<tr key=${one.collection_id ?? ''}><th scope="row">${where(one.collection_id)}</th>${RIGHTS.map((right) => { const state = stateOf(one, right); return html`<td key=${right}><button type="button" class="btn bare icon small" aria-label=${`${W.rights[right]}, ${where(one.collection_id)}: ${W.states[state]}`} title=${W.states[state]} onClick=${() => press(row, right)}><${Icon} name=${GLYPHS[state][0]} cls=${`g ${GLYPHS[state][1]}`} /></button></td>` })}
        <td><${Button} kind="bare small" icon="x" label=${`${W.drop}: ${where(one.collection_id)}`} act=${() => grant(role.grants.filter((/** @type {Grant} */ _, /** @type {number} */ at) => at !== row))} /></td></tr>`)}</tbody></table></div>
      <div class="lead"><${Button} icon="plus" act=${() => setAsked('place')}>${W.add}<//></div></section><${Sight} role=${role} />
    ${asked === 'new' && html`<${Naming} title=${W.new} label=${T.manage.name} word=${T.acts.create} close=${close} save=${make} />`}${asked === 'rename' && html`<${Naming} title=${W.rename} label=${T.manage.name} name=${role.name} word=${T.acts.save} close=${close} save=${(/** @type {string} */ name) => save({ name })} />`}
    ${asked === 'place' && html`<${Picker} title=${W.add} close=${close} isOpen=${(/** @type {any} */ one) => !taken.has(one.parent_id === null ? null : one.id)} pick=${(/** @type {any} */ one) => { close(); grant([...role.grants, { collection_id: one.parent_id === null ? null : one.id, allow: ['view'], deny: [] }]) }} />`}`
}

/** What the role shows, asked again after every change of it. @param {{role: any}} given */
function Sight({ role }) {
  const [seen, setSeen] = useState(/** @type {any} */ (null)), [told, setTold] = useState(/** @type {any} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const [right, setRight] = useState('download'), [place, setPlace] = useState('root')
  useEffect(() => {
    let isWanted = true
    const keep = (/** @type {(found: any) => void} */ set) => (/** @type {any} */ found) => { if (isWanted) set(found) }
    call('GET', '/v1/search', { query: { limit: PICTURES }, as: `role:${role.id}` }).then(keep(setSeen), keep(setProblem))
    call('POST', '/v1/access/explain', { body: { role_id: role.id, right, collection_id: place } }).then(keep(setTold), keep(setProblem))
    return () => { isWanted = false }
  }, [role.id, role.etag, right, place])
  return html`<section class="list" aria-label=${W.see}><header><h2 class="grow">${W.see}</h2><span class="dim mid num" role="status">${seen && W.sees(seen.total)}</span></header>${problem && html`<${Trouble} problem=${problem} />`}
    ${seen?.items.length > 0 && html`<div class="lead sight">${seen.items.map((/** @type {any} */ one) => one.thumb_url && html`<img key=${one.id} src=${one.thumb_url} alt=${one.title ?? one.name} />`)}</div>`}
    <div class="lead flow wrap"><label class="flow mid">${W.ask}<select class="btn" value=${right} onChange=${(/** @type {any} */ event) => setRight(event.target.value)}>${RIGHTS.map((one) => html`<option value=${one}>${W.rights[one]}</option>`)}</select></label>
    <label class="flow mid">${W.on}<select class="btn" value=${place} onChange=${(/** @type {any} */ event) => setPlace(event.target.value)}>${collections.value.map((one) => html`<option value=${one.parent_id === null ? 'root' : one.id}>${one.path || W.whole}</option>`)}</select></label>
    ${told && html`<${Badge} kind=${told.allowed ? 'is-ok' : 'is-bad'} glyph=${told.allowed ? 's-ok' : 's-bad'}>${told.allowed ? W.yes : W.no}<//><span class="mid dim" role="status">${told.because.map((/** @type {any} */ one) => `${W.because[one.rule] ?? one.rule} ${one.right ? W.place(W.rights[one.right], where(one.collection_id)) : ''}`).join(' ')}</span>`}</div></section>`
}
