// @ts-check
// What a visitor of a link says about a picture and decides: pins on it, the conversation below, three decisions; each
// only where the link lets it. Before the first of them one says who one is.
import { html, signal, useEffect, useState } from '../vendor/ui.js'
import { moved, piecesOf, placeAt, readComments, threads } from '../lib/comments.js'
import { call, Refused } from '../lib/http.js'
import { T, when } from '../lib/text.js'
import { W } from '../lib/visitors.js'
import { APPROVAL, Badge, Button, Icon } from './basics.js'
import { Dialog } from './dialog.js'
import Why from './why.js'

/** @typedef {import('../lib/comments.js').Thread} Thread */
/** @typedef {{switches: Record<string, boolean>, name: string | null, isLocked: boolean, join: (name: string, password: string) => Promise<void>, over: (problem: any) => void}} Visitor */

const STEP = 0.02
const found = signal(/** @type {Thread[] | null} */ (null)), draft = signal(/** @type {import('../lib/comments.js').Anchor | null} */ (null)), active = signal('')
const percent = (/** @type {number} */ part) => `${part * 100}%`

/** The pins over a picture, as large as it is; a press sets one where one may comment. @param {{may: boolean}} given */
export function Spots({ may }) {
  const press = (/** @type {MouseEvent} */ event) => {
    if (!may || event.target !== event.currentTarget) return
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    draft.value = placeAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
    document.getElementById('v-say')?.focus({ preventScroll: true })
  }
  const key = (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key]
    if (way && draft.value) draft.value = moved(draft.value, way[0], way[1], false)
    else if (event.key === 'Enter') document.getElementById('v-say')?.focus()
    else return
    event.preventDefault()
  }
  return html`<div class="spots" onClick=${press}>${(found.value ?? []).filter((one) => one.first.anchor?.x !== undefined && !one.first.deleted).map((one) => html`<button type="button" key=${one.first.id} class=${`spot ${active.value === one.first.id ? 'act' : ''} ${one.isOpen ? '' : 'done'}`} style=${{ left: percent(one.first.anchor?.x ?? 0), top: percent(one.first.anchor?.y ?? 0) }}
      aria-label=${W.pin(one.number, one.first.body ?? '')} aria-pressed=${active.value === one.first.id} onClick=${() => { active.value = active.value === one.first.id ? '' : one.first.id; document.getElementById(`v-${one.first.id}`)?.scrollIntoView({ block: 'nearest' }) }}>${one.number}</button>`)}
    ${draft.value && html`<button type="button" id="v-draft" class="spot act" style=${{ left: percent(draft.value.x ?? 0), top: percent(draft.value.y ?? 0) }} aria-label=${W.draft} onKeyDown=${key}><${Icon} name="plus" /></button>`}</div>`
}

/** Below the picture: what is decided, what is said, and the ways to do both. @param {{asset: any, version: {number: number, approval: string}, visitor: Visitor, again: () => Promise<void>}} given */
export default function Says({ asset, version, visitor, again }) {
  const { switches, over } = visitor
  /** What is to be done once the visitor has a name. */
  const [due, setDue] = useState(/** @type {{act: () => Promise<void>} | null} */ (null))
  const load = async () => { if (switches.comment) try { found.value = threads(await readComments(asset.id, version.number)) } catch (problem) { lost(problem, over) } }
  useEffect(() => { found.value = null; draft.value = null; active.value = ''; load(); return () => { found.value = null; draft.value = null } }, [asset.id, version.number])
  const named = async (/** @type {() => Promise<void>} */ act) => { if (visitor.name) await act(); else setDue({ act }) }
  return html`${switches.approve && html`<${Decide} asset=${asset} version=${version} named=${named} over=${over} again=${again} />`}
    ${switches.comment && html`<${Talk} asset=${asset} version=${version} named=${named} over=${over} load=${load} />`}
    ${visitor.name && html`<p class="small dim">${W.asName(visitor.name)}</p>`}
    ${due && html`<${Who} visitor=${visitor} close=${() => setDue(null)} done=${async () => { setDue(null); await due.act() }} />`}`
}

/** A visit that is over is told to the whole page. @param {unknown} problem @param {(problem: any) => void} over @returns {string} what to say here */
function lost(problem, over) {
  if (problem instanceof Refused && [401, 410].includes(problem.status)) over(problem)
  return /** @type {Error} */ (problem).message
}

/** @param {{asset: any, version: {number: number, approval: string}, named: (act: () => Promise<void>) => Promise<void>, over: (problem: any) => void, again: () => Promise<void>}} given */
function Decide({ asset, version, named, over, again }) {
  const [asks, setAsks] = useState(/** @type {'reject' | 'request_changes' | ''} */ ('')), [why, setWhy] = useState(''), [made, setMade] = useState(''), [busy, setBusy] = useState('')
  useEffect(() => { setMade(''); setWhy('') }, [asset.id, version.number])
  const send = (/** @type {string} */ decision, note = '') => named(async () => {
    setAsks('')
    setBusy(decision)
    setWhy('')
    try { await call('POST', `/v1/assets/${asset.id}/versions/${version.number}/${decision.replace('_', '-')}`, { body: note ? { note } : {} }); setMade(decision); await again() } catch (problem) { setWhy(lost(problem, over)) } finally { setBusy('') }
  })
  const state = APPROVAL[version.approval] ?? APPROVAL.none
  const button = (/** @type {string} */ decision, /** @type {string} */ icon, kind = '') => html`<${Button} kind=${kind} icon=${icon} busy=${busy === decision && W.sending} act=${() => { if (decision === 'approve') send(decision); else setAsks(/** @type {any} */ (decision)) }}>${T.review[decision === 'approve' ? 'approve' : decision === 'reject' ? 'reject' : 'request_changes']}<//>`
  return html`<section class="decide" aria-label=${W.decide}><div class="flow wrap"><${Badge} kind=${state.cls} glyph=${state.glyph}>${state.word}<//><span class="mid dim" role="status">${made ? `${W.decided[made]} ${W.change}` : ['none', 'pending'].includes(version.approval) ? W.asks(version.number) : ''}</span></div>
    ${why && html`<p class="hint bad" role="alert">${why}</p>`}
    <div class="three">${version.approval !== 'approved' && button('approve', 's-ok', 'main')}${version.approval !== 'changes_requested' && button('request_changes', 's-redo')}${version.approval !== 'rejected' && button('reject', 's-bad')}</div>
    ${asks && html`<${Why} decision=${asks} name=${asset.title || asset.name} close=${() => setAsks('')} decide=${(/** @type {string} */ note) => { send(asks, note) }} />`}</section>`
}

/** @param {{asset: any, version: {number: number}, named: (act: () => Promise<void>) => Promise<void>, over: (problem: any) => void, load: () => Promise<void>}} given */
function Talk({ asset, version, named, over, load }) {
  const [text, setText] = useState(''), [to, setTo] = useState(/** @type {Thread | null} */ (null)), [why, setWhy] = useState(''), [isBusy, setBusy] = useState(false)
  const [sent, setSent] = useState(/** @type {string | null} */ (null))
  const send = () => named(async () => {
    setBusy(true)
    setWhy('')
    try {
      const made = await call('POST', `/v1/assets/${asset.id}/comments`, { body: { version: version.number, body: text.trim(), ...(to ? { parent_id: to.first.id } : draft.value ? { anchor: draft.value } : {}) } })
      setText(''); setTo(null); draft.value = null; setSent(made.id)
      await load()
    } catch (problem) { setWhy(lost(problem, over)) } finally { setBusy(false) }
  })
  const back = async () => { try { await call('DELETE', `/v1/comments/${sent}`); setSent(''); await load() } catch (problem) { setWhy(lost(problem, over)) } }
  const key = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && text.trim()) { event.preventDefault(); send() } }
  const point = () => { draft.value = placeAt(0.5, 0.5); requestAnimationFrame(() => document.getElementById('v-draft')?.focus()) }
  return html`<section class="stack" aria-label=${W.title}><h2>${W.title}</h2>
    ${found.value === null ? html`<p class="dim" role="status">${T.library.loading}</p>` : !found.value.length ? html`<p class="dim mid">${W.none}. ${W.hint}</p>` : html`<ol class="said">${found.value.map((one) => html`<li key=${one.first.id} id=${`v-${one.first.id}`} class=${active.value === one.first.id ? 'on' : ''}><span class=${`no ${one.isOpen ? 'on' : ''}`} aria-hidden="true">${one.number}</span>
      <div class="stack tight">${[one.first, ...one.answers].map((each) => html`<div key=${each.id} class=${each === one.first ? '' : 'answer'}><b class="strong">${each.by_name ?? W.somebody}</b> <span class="small dimmer">${when(each.at)}${each === one.first && !one.isOpen ? `, ${W.resolved.toLowerCase()}` : ''}</span><p class="wordy mid">${each.body === null ? W.gone : piecesOf(each.body, each.mentions).map((piece) => piece.text)}</p></div>`)}
      ${!one.first.deleted && html`<span><button type="button" class="link small" onClick=${() => { setTo(one); draft.value = null; document.getElementById('v-say')?.focus() }}>${W.answer}</button></span>`}</div></li>`)}</ol>`}
    ${sent !== null && html`<p class="small" role="status">${sent ? html`${W.sent} <button type="button" class="link" onClick=${back}>${W.back}</button>` : W.taken}</p>`}
    <div class="stack write"><div class="flow wrap">${to ? html`<span class="chip">${W.answering(to.first.by_name ?? W.somebody)}<button type="button" aria-label=${T.acts.cancel} onClick=${() => setTo(null)}><${Icon} name="x" /></button></span>`
      : draft.value ? html`<span class="chip">${W.point}<button type="button" aria-label=${W.drop} onClick=${() => { draft.value = null }}><${Icon} name="x" /></button></span>` : html`<${Button} kind="small" icon="plus" act=${point}>${W.point}<//>`}</div>
      <div class=${`field ${why ? 'err' : ''}`}><textarea id="v-say" rows="2" maxlength="10000" aria-label=${W.write} placeholder=${W.write} value=${text} onInput=${(/** @type {any} */ event) => { setText(event.target.value); setSent(null) }} onKeyDown=${key}></textarea></div>${why && html`<p class="hint bad" role="alert">${why}</p>`}
      <span class="flow"><span class="grow"></span><${Button} act=${send} busy=${isBusy && W.sending} why=${text.trim() ? undefined : W.first}>${W.send}<//></span></div></section>`
}

/** Asks for a name, and for the password again where the link has one. @param {{visitor: Visitor, close: () => void, done: () => Promise<void>}} given */
function Who({ visitor, close, done }) {
  const [name, setName] = useState(''), [password, setPassword] = useState(''), [why, setWhy] = useState(''), [isBusy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try { await visitor.join(name.trim(), password) } catch (problem) { setWhy(/** @type {Error} */ (problem).message); setBusy(false); return }
    await done()
  }
  return html`<${Dialog} title=${W.who} close=${close} act=${{ word: W.go, do: go, busy: isBusy && W.sending, why: name.trim() ? undefined : T.acts.nameFirst }}><p class="dim">${W.whoHint}</p>
    <label class="stack"><span>${W.name}</span><span class="field"><input autofocus autocomplete="name" maxlength="255" value=${name} onInput=${(/** @type {any} */ event) => { setName(event.target.value); setWhy('') }} /></span></label>
    ${visitor.isLocked && html`<label class="stack"><span>${W.password}</span><span class="field"><input type="password" autocomplete="off" value=${password} onInput=${(/** @type {any} */ event) => { setPassword(event.target.value); setWhy('') }} /></span></label>`}${why && html`<p class="hint bad" role="alert">${why}</p>`}<//>`
}
