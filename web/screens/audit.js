// @ts-check
// The audit trail: who did what to what and when, filtered in the address, and as a file.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { M } from '../lib/managing.js'
import { who } from '../lib/people.js'
import { change, route } from '../lib/router.js'
import { moment, T } from '../lib/text.js'
import { Badge, Button, Empty, Trouble } from '../parts/basics.js'
import { sayFailed } from '../parts/toast.js'

const W = M.audit, PAGE = 50, ASK_MS = 500
const GLYPHS = /** @type {Record<string, [string, string]>} */ ({ ok: ['is-ok', 's-ok'], refused: ['is-redo', 's-redo'], failed: ['is-bad', 's-bad'] })
const FILTERS = [['actor', W.who, 'text'], ['action', W.what, 'text'], ['subject', W.on, 'text'], ['from', W.from, 'date'], ['to', W.to, 'date']]

/** A day of the address as a moment; `to` counts with its whole day. @param {Record<string, string>} query */
function asked({ actor, action, subject, from, to }) {
  const start = (/** @type {string | undefined} */ day, /** @type {number} */ more) => { if (!day) return undefined; const at = new Date(`${day}T00:00`); at.setDate(at.getDate() + more); return at.toISOString() }
  return { actor, action, subject, from: start(from, 0), to: start(to, 1) }
}

export default function Audit() {
  const query = route.value.query, key = FILTERS.map(([name]) => query[name] ?? '').join('\n')
  const [found, setFound] = useState(/** @type {{items: any[], next: string | null} | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const [busy, setBusy] = useState(/** @type {string | false} */ (false)), [isMore, setMore] = useState(false)
  const load = () => {
    const control = new AbortController()
    call('GET', '/v1/audit', { query: { ...asked(query), limit: PAGE }, signal: control.signal }).then((page) => { setFound(page); setProblem(null) }, (refused) => { if (refused.name !== 'AbortError') setProblem(refused) })
    return () => control.abort()
  }
  useEffect(load, [key])
  const more = async () => {
    setMore(true)
    try { const page = await call('GET', '/v1/audit', { query: { ...asked(query), limit: PAGE, cursor: found?.next } }); setFound({ items: [...(found?.items ?? []), ...page.items], next: page.next }) } catch (refused) { sayFailed(refused) } finally { setMore(false) }
  }
  const file = async () => {
    setBusy(W.making)
    try {
      const { job_id: id } = await call('POST', '/v1/audit/export', { body: { format: 'csv', ...asked(query) } })
      for (;;) {
        const job = await call('GET', `/v1/jobs/${id}`)
        if (job.state === 'done') { location.assign(job.result.url); break }
        if (job.state === 'failed' || job.state === 'cancelled') { sayFailed(W.failed); break }
        await new Promise((go) => { setTimeout(go, ASK_MS) })
      }
    } catch (refused) { sayFailed(refused) } finally { setBusy(false) }
  }
  const isNarrowed = FILTERS.some(([name]) => query[name])
  return html`<section class="list" aria-label=${T.manage.rooms.audit}><header><h2 class="grow">${T.manage.rooms.audit}</h2>${isNarrowed && html`<${Button} kind="bare" act=${() => change(Object.fromEntries(FILTERS.map(([name]) => [name, undefined])))}>${W.clear}<//>`}<${Button} icon="download" act=${file} busy=${busy}>${W.csv}<//></header>
    <div class="flow wrap lead">${FILTERS.map(([name, word, type]) => html`<${Filter} key=${name} word=${word} type=${type} value=${query[name] ?? ''} set=${(/** @type {string} */ value) => change({ [name]: value }, { replace: true })} />`)}</div>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !found ? html`<p class="dim lead" role="status">${T.library.loading}</p>` : found.items.length === 0 && !found.next ? html`<${Empty} icon="search" title=${W.none}><p class="dim">${W.noneHint}</p><//>` : html`<ul>${found.items.map((one) => html`<li class="up audit" key=${one.id}>
      <time class="small dim num" datetime=${one.at}>${moment(one.at)}</time><div><div class="strong cut">${one.action}</div><div class="small dim cut" title=${one.subject}>${one.subject}</div></div><div class="pg small"><button type="button" class="link cut" title=${one.actor} onClick=${() => change({ actor: one.actor })}>${who(one.actor)}</button>${one.address && html`<div class="dim cut num">${one.address}</div>`}</div>
      <div class="acts"><${Badge} kind=${GLYPHS[one.result][0]} glyph=${GLYPHS[one.result][1]}>${W.results[one.result]}<//></div>
      ${(one.before || one.after || Object.keys(one.detail ?? {}).length > 0) && html`<details class="small"><summary>${W.detail}</summary><pre tabindex="0" role="region" aria-label=${W.detail}>${JSON.stringify({ before: one.before, after: one.after, ...one.detail }, null, 1)}</pre></details>`}</li>`)}</ul>`}
    ${found?.next && html`<div class="lead flow"><${Button} act=${more} busy=${isMore && T.library.loading}>${W.more}<//></div>`}</section>`
}

/** What is typed stays while the page is drawn anew; it counts when the field is left or Enter is pressed.
 * @param {{word: string, type: string, value: string, set: (value: string) => void}} given */
function Filter({ word, type, value, set }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return html`<label class="field grow"><span class="dimmer">${word}</span><input type=${type} size="8" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onChange=${() => set(text.trim())} /></label>`
}
