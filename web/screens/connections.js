// @ts-check
// Connections to outside systems: which there are and how they are. One of them, or the way to a new one, opens from here.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { KINDS, W } from '../lib/kinds.js'
import { call, every, Refused } from '../lib/http.js'
import { dressed } from '../lib/look.js'
import { change, go, href, route } from '../lib/router.js'
import { moment, number, T, when } from '../lib/text.js'
import { Badge, Button, Empty, Icon, Lazy, Menu, Progress, Trouble } from '../parts/basics.js'
import { Connect } from '../parts/connect.js'
import { Dialog } from '../parts/dialog.js'
import { say, sayFailed } from '../parts/toast.js'

const SOON_MS = 1000, LATE_MS = 5000, PAGE = 20
const LIST = () => href(['manage', 'connections'])

const plans = () => dressed('plans', import('./plans.js'))

export default function Connections() {
  const { connection: id, plan, drift } = route.value.query
  if (id && (plan || drift)) return html`<${Lazy} key=${id} bare load=${plans} connection=${id} />`
  return id ? html`<${One} key=${id} id=${id} />` : html`<${All} />`
}

function All() {
  const [all, setAll] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [isAsked, setAsked] = useState(false)
  const load = () => every('/v1/connections').then((found) => { setAll(found); setProblem(null) }, setProblem)
  useEffect(() => {
    load()
    const timer = setInterval(() => { if (document.visibilityState === 'visible') load() }, LATE_MS)
    return () => clearInterval(timer)
  }, [])
  if (problem && !all) return html`<${Trouble} problem=${problem} again=${load} />`
  if (!all) return html`<p class="dim" role="status">${T.library.loading}</p>`
  return html`<section class="list" aria-label=${T.manage.rooms.connections}><header><h2>${T.manage.rooms.connections}</h2><span class="dimmer num grow">${all.length}</span><${Button} kind="main" icon="plus" act=${() => setAsked(true)}>${W.connect}<//></header>
    ${all.length ? html`<ul>${all.map((one) => html`<li class="up" key=${one.id}><span class="doc"><${Icon} name=${KINDS[one.kind]?.icon ?? 'sync'} /></span>
      <div><a class="cut strong link" href=${href(['manage', 'connections'], { connection: one.id })}>${one.name}</a><div class="small dim cut">${one.because ? worded(one.because, KINDS[one.kind]) : KINDS[one.kind]?.word ?? one.kind}</div></div>
      <div class="pg small dim">${one.running ? W.busy : one.last_run ? `${W.last}: ${when(one.last_run)}` : W.never}</div><div class="acts"><${State} of=${one.state} /></div></li>`)}</ul>` : html`<${Empty} icon="sync" title=${W.none}><p class="dim">${W.noneHint}</p><//>`}</section>
    ${isAsked && html`<${Connect} close=${() => setAsked(false)} save=${(/** @type {any} */ body) => call('POST', '/v1/connections', { body })} done=${(/** @type {any} */ one) => { setAsked(false); change({ connection: one.id }) }} />`}`
}

/** A question's text with the words of its buttons in place of the API's. @param {string} text @param {import('../lib/kinds.js').Kind} [kind] */
const worded = (text, kind) => text.replace(/“(\w+)”/g, (whole, answer) => kind?.answers[answer] ? `“${kind.answers[answer]}”` : whole)

/** @param {{of: string}} given */
const State = ({ of }) => { const [kind, glyph, word] = W.states[of] ?? W.states.error; return html`<${Badge} kind=${kind} glyph=${glyph}>${word}<//>` }

/** One connection: how it is and why, what it asks, what its runs did. @param {{id: string}} given */
function One({ id }) {
  const [one, setOne] = useState(/** @type {any} */ (null)), [runs, setRuns] = useState(/** @type {any[]} */ ([])), [next, setNext] = useState(/** @type {string | null} */ (null))
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asked, setAsked] = useState(''), [busy, setBusy] = useState('')
  const older = useRef(/** @type {any[]} */ ([])), path = `/v1/connections/${encodeURIComponent(id)}`
  const load = async () => {
    try {
      const [now, page] = await Promise.all([call('GET', path), call('GET', `${path}/runs`, { query: { limit: PAGE } })])
      const shown = new Set(page.items.map((/** @type {any} */ run) => run.id))
      setOne(now); setRuns([...page.items, ...older.current.filter((run) => !shown.has(run.id))]); setProblem(null)
      if (!older.current.length) setNext(page.next)
      return now
    } catch (refused) { setProblem(/** @type {Error} */ (refused)) }
    return null
  }
  useEffect(() => {
    let timer = 0, isOver = false
    const again = async () => {
      const now = document.visibilityState === 'visible' ? await load() : null
      if (!isOver) timer = setTimeout(again, now?.running ? SOON_MS : LATE_MS)
    }
    again()
    return () => { isOver = true; clearTimeout(timer) }
  }, [id])
  const more = async () => {
    try { const page = await call('GET', `${path}/runs`, { query: { limit: PAGE, cursor: next } }); older.current = [...older.current, ...page.items]; setNext(page.next); await load() } catch (refused) { sayFailed(refused) }
  }
  /** Do one thing and show what came of it. @param {string} name @param {() => Promise<string>} act */
  const does = async (name, act) => {
    setBusy(name)
    try { const text = await act(); if (text) say({ text }) } catch (refused) { sayFailed(refused) }
    await load()
    setBusy('')
  }
  if (problem && !one) return problem instanceof Refused && problem.status === 404 ? html`<${Empty} icon="sync" title=${W.gone}><a class="btn" href=${LIST()}>${W.all}</a><//>` : html`<${Trouble} problem=${problem} again=${load} />`
  if (!one) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const kind = KINDS[one.kind], close = () => setAsked('')
  const run = () => does('run', async () => { await call('POST', `${path}/run`); return W.asked })
  const check = () => does('check', async () => { const now = await call('POST', `${path}/check`); return now.state === 'ok' ? W.checked : '' })
  const decide = (/** @type {string} */ decision) => does(decision, async () => { await call('POST', `${path}/decide`, { body: { decision } }); return W.decided })
  const remove = async () => {
    close()
    try { await call('DELETE', path); say({ text: W.disconnected(one.name) }); go(LIST()) } catch (refused) { sayFailed(refused); load() }
  }
  const stuck = one.state === 'needs_reconnect' ? W.newOnes : one.question ? W.question : undefined
  return html`<section class="list" aria-label=${one.name}><header><a class="btn bare icon" href=${LIST()} aria-label=${W.all} title=${W.all}><${Icon} name="left" /></a><h2 class="cut">${one.name}</h2><span class="grow"><${State} of=${one.state} /></span>
      <${Button} act=${check} busy=${busy === 'check' && W.check} icon="check">${W.check}<//><${Button} kind="main" icon="sync" act=${run} busy=${(one.running || busy === 'run') && W.busy} why=${stuck}>${W.run}<//>
      <${Menu} id="c-acts" label=${`${T.manage.acts}: ${one.name}`} items=${[{ word: W.change, icon: 'gear', do: () => setAsked('change') }, { word: W.disconnect, icon: 'x', kind: 'bad', do: () => setAsked('disconnect') }]} /></header>
    <div class="sec">${one.question ? html`<div class="bann is-wait" role="alert"><${Icon} name="warn" /><div class="stack grow"><h3>${W.question}</h3><p class="wordy">${worded(one.question.text, kind)}</p><div class="flow wrap">${one.question.choices.map((/** @type {string} */ each) => html`<${Button} key=${each} act=${() => decide(each)} busy=${busy === each && T.acts.saving}>${kind?.answers[each] ?? each}<//>`)}</div></div></div>`
      : one.because && html`<div class=${`bann ${one.state === 'ok' ? 'is-wait' : 'is-bad'}`} role="alert"><${Icon} name="warn" /><div class="stack grow"><p class="wordy">${one.because}</p>${one.state === 'needs_reconnect' && html`<div><${Button} act=${() => setAsked('change')}>${W.newOnes}<//></div>`}</div></div>`}
      <dl class="meta"><dt>${W.facts}</dt><dd>${kind?.word ?? one.kind}</dd><dt>${W.follows}</dt><dd>${kind?.place(one.settings)}</dd><dt>${W.last}</dt><dd title=${moment(one.last_run)}>${when(one.last_run) || W.never}</dd><dt>${W.next}</dt><dd>${one.running ? W.busy : one.next_run ? moment(one.next_run) : W.waits}</dd></dl></div></section>
    ${kind?.plans && html`<${Lazy} bare load=${plans} connection=${id} />`}
    <section class="list" aria-label=${W.runs}><header><h2 class="grow">${W.runs}</h2>${one.last_run && html`<span class="small dim" title=${moment(one.last_run)}>${W.lastSeen(when(one.last_run))}</span>`}</header>${runs.length ? html`<ul>${runs.map((each) => html`<${Run} key=${each.id} run=${each} kind=${kind} />`)}</ul>` : html`<${Empty} icon="clock" title=${one.last_run ? W.quiet : W.noRuns}><p class="dim">${one.last_run ? W.lastSeen(when(one.last_run)) : W.noRunsHint}</p><//>`}
      ${next && html`<p class="lead"><${Button} act=${more}>${W.more}<//></p>`}</section>
    ${asked === 'change' && html`<${Connect} one=${one} close=${close} save=${(/** @type {any} */ body) => call('PATCH', path, { body, etag: one.etag })} done=${() => { close(); load() }} />`}
    ${asked === 'disconnect' && html`<${Dialog} title=${W.disconnectAsk(one.name)} close=${close} act=${{ word: W.disconnect, kind: 'bad', do: remove }}><p class="dim">${W.disconnectHint}</p><//>`}`
}

/** What one run did, or does. @param {{run: any, kind?: import('../lib/kinds.js').Kind}} given */
function Run({ run, kind }) {
  const [cls, glyph, word] = W.run_states[run.state]
  const words = kind?.counts ?? {}
  const told = Object.entries(words).filter(([name]) => run.counts[name]).map(([name, [single, many]]) => `${number(run.counts[name])} ${run.counts[name] === 1 ? single : many ?? single}`)
  const isStarted = run.state === 'running' && run.total
  return html`<li class="up audit run"><span class="small dim" title=${moment(run.started_at)}>${when(run.started_at)}, ${run.by.startsWith('system:') ? W.bySchedule : W.byHand}</span>
    <div class="stack"><p>${told.join(', ') || worded(run.because ?? '', kind) || (run.state === 'done' ? W.nothing : '')}</p>${told.length > 0 && run.because && html`<p class="dim wordy">${worded(run.because, kind)}</p>`}${isStarted && html`<${Progress} part=${run.done / run.total} label=${W.progress} /><p class="small dim num">${W.of(number(run.done), number(run.total))}</p>`}</div>
    <span class="small dim num">${run.counts.units ? `${number(run.counts.units)} ${W.units}` : ''}</span><span><${Badge} kind=${cls} glyph=${glyph}>${word}<//></span>
    ${run.log.length > 0 && html`<details open=${run.log.some((/** @type {any} */ line) => line.trouble)}><summary>${W.log} <span class="dim num">${run.log.length}</span></summary><ul class="story">${run.log.map((/** @type {any} */ line) => html`<li class="flow">${line.trouble && html`<${Icon} name="warn" label=${W.trouble} cls="g is-bad" />`}<span class="wordy">${line.text}</span></li>`)}</ul></details>`}</li>`
}
