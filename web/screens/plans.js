// @ts-check
// The plans of a store: all of them on its connection's page, one of them to review, apply and roll back, and what the merchant changed.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { call, every, Refused } from '../lib/http.js'
import { asCsv, BUSY, LISTS, TOLD, W } from '../lib/plans.js'
import { change, href, route } from '../lib/router.js'
import { moment, number, T, when } from '../lib/text.js'
import { Badge, Button, Empty, Icon, Progress, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { Lines } from '../parts/plan-lines.js'
import { sayFailed } from '../parts/toast.js'

const SOON_MS = 1000, LATE_MS = 8000, PAGE = 10
const at = (/** @type {string} */ connection, /** @type {Record<string, string | undefined>} */ more = {}) => href(['manage', 'connections'], { connection, ...more })

/** @param {{connection: string}} given */
export default function Plans({ connection }) {
  const { plan, drift } = route.value.query
  return plan ? html`<${One} key=${plan} id=${plan} connection=${connection} />` : drift ? html`<${Drift} connection=${connection} />` : html`<${All} connection=${connection} />`
}

/** Look again and again, sooner while something is at work. @param {() => Promise<any>} load resolves with whether it is @param {any[]} on */
function useLooks(load, on) {
  useEffect(() => {
    let timer = 0, isOver = false
    const again = async () => {
      const isBusy = document.visibilityState === 'visible' && await load()
      if (!isOver) timer = setTimeout(again, isBusy ? SOON_MS : LATE_MS)
    }
    again()
    return () => { isOver = true; clearTimeout(timer) }
  }, on)
}

/** @param {{of: string}} given */
const State = ({ of }) => { const [kind, glyph, word] = W.states[of]; return html`<${Badge} kind=${kind} glyph=${glyph}>${word}<//>` }
/** @param {{connection: string}} given */
const Back = ({ connection }) => html`<a class="btn bare icon" href=${at(connection)} aria-label=${W.back} title=${W.back}><${Icon} name="left" /></a>`

/** @param {{connection: string}} given */
function All({ connection }) {
  const [all, setAll] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [next, setNext] = useState(''), [isBusy, setBusy] = useState(false)
  const older = useRef(/** @type {any[]} */ ([])), path = `/v1/connections/${encodeURIComponent(connection)}/plans`
  const load = async () => {
    try {
      const page = await call('GET', path, { query: { limit: PAGE } }), shown = new Set(page.items.map((/** @type {any} */ one) => one.id))
      setAll([...page.items, ...older.current.filter(({ id }) => !shown.has(id))]); setProblem(null)
      if (!older.current.length) setNext(page.next ?? '')
      return page.items.some((/** @type {any} */ one) => BUSY.includes(one.state))
    } catch (refused) { setProblem(/** @type {Error} */ (refused)); return false }
  }
  useLooks(load, [connection])
  const make = async () => {
    setBusy(true)
    try { const made = await call('POST', path, { body: {} }); change({ plan: made.plan_id, job: made.job_id }) } catch (refused) { sayFailed(refused); setBusy(false) }
  }
  const more = async () => { try { const page = await call('GET', path, { query: { limit: PAGE, cursor: next } }); older.current = [...older.current, ...page.items]; setNext(page.next ?? ''); await load() } catch (refused) { sayFailed(refused) } }
  return html`<section class="list" aria-label=${W.room}><header><h2 class="grow">${W.room}</h2><a class="btn" href=${at(connection, { drift: '1' })}>${W.drift}</a><${Button} icon="plus" act=${make} busy=${isBusy && W.making}>${W.make}<//></header>
    ${problem && !all ? html`<${Trouble} problem=${problem} again=${load} />` : !all ? html`<p class="lead dim" role="status">${T.library.loading}</p>` : !all.length ? html`<${Empty} icon="store" title=${W.none}><p class="dim">${W.noneHint}</p><//>`
    : html`<ul>${all.map((one) => html`<li class="up" key=${one.id}><span class="doc"><${Icon} name="store" /></span><div><a class="cut strong link" href=${at(connection, { plan: one.id })}>${moment(one.created_at)}</a><div class="small dim wordy">${one.because ?? W.summary(one)}</div></div><div class="pg small dim num">${one.counts.matched ? `${W.points(one.cost_points)}, ${W.minutes(one.minutes)}` : ''}</div><div class="acts"><${State} of=${one.state} /></div></li>`)}</ul>`}
    ${next && html`<p class="lead"><${Button} act=${more}>${W.older}<//></p>`}</section>`
}

/** One plan, to review, apply and roll back. @param {{id: string, connection: string}} given */
function One({ id, connection }) {
  const [plan, setPlan] = useState(/** @type {any} */ (null)), [job, setJob] = useState(/** @type {any} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asked, setAsked] = useState(''), [busy, setBusy] = useState(''), [tally, setTally] = useState(/** @type {Record<string, number> | null} */ (null))
  const path = `/v1/plans/${encodeURIComponent(id)}`, jobId = route.value.query.job
  const load = async () => {
    try {
      const now = await call('GET', path), isBusy = BUSY.includes(now.state)
      setJob(isBusy && jobId ? await call('GET', `/v1/jobs/${jobId}`).catch(() => null) : null)
      setPlan(now); setProblem(null)
      return isBusy
    } catch (refused) { setProblem(/** @type {Error} */ (refused)); return false }
  }
  useLooks(load, [id, jobId])
  useEffect(() => {
    setTally(null)
    if (!plan || !TOLD.includes(plan.state)) return
    every(`${path}/lines`, { list: 'matched', limit: 200 }).then((lines) => { const found = /** @type {Record<string, number>} */ ({}); for (const { result } of lines) if (result) found[result.state] = (found[result.state] ?? 0) + 1; setTally(found) }, sayFailed)
  }, [plan?.state])
  if (problem && !plan) return problem instanceof Refused && problem.status === 404 ? html`<${Empty} icon="store" title=${W.gone}><a class="btn" href=${at(connection)}>${W.back}</a><//>` : html`<${Trouble} problem=${problem} again=${load} />`
  if (!plan) return html`<p class="dim" role="status">${T.library.loading}</p>`
  /** Ask for these one after the other, then watch the last one's job. @param {string[]} calls */
  const start = async (...calls) => {
    setAsked(''); setBusy(calls[0])
    try { let made; for (const each of calls) made = await call('POST', `${path}/${each}`, { body: each === 'approve' ? {} : undefined }); change({ job: made.job_id }, { replace: true }) } catch (refused) { sayFailed(refused) }
    await load()
    setBusy('')
  }
  const csv = async () => {
    try {
      const url = URL.createObjectURL(new Blob([asCsv(await every(`${path}/lines`, { limit: 200 }))], { type: 'text/csv' }))
      Object.assign(document.createElement('a'), { href: url, download: `plan-${plan.created_at.slice(0, 10)}.csv` }).click()
      setTimeout(() => URL.revokeObjectURL(url), LATE_MS)
    } catch (refused) { sayFailed(refused) }
  }
  const wanted = route.value.query.list, list = LISTS.includes(wanted) ? wanted : LISTS.find((name) => plan.counts[name]) ?? 'matched', count = plan.counts.matched, isBusy = BUSY.includes(plan.state), isMade = !['computing', 'failed'].includes(plan.state)
  return html`<section class="stack" aria-label=${W.title(plan)}><div class="flow wrap"><${Back} connection=${connection} /><${State} of=${plan.state} /><span class="small dim grow" title=${moment(plan.created_at)}>${when(plan.created_at)}</span>
      <div class="flow wrap plan-acts">${isMade && html`<${Button} icon="download" act=${csv}>${W.csv}<//>`}${['applied', 'partly_applied'].includes(plan.state) && html`<${Button} icon="undo" kind=${plan.state === 'applied' ? '' : 'bad'} act=${() => setAsked('rollback')} busy=${busy === 'rollback' && W.starting}>${W.rollBack}<//>`}
      ${plan.state === 'ready' && count > 0 && html`<${Button} kind="main" act=${() => setAsked('approve')} busy=${busy === 'approve' && W.starting}>${W.approve(count)}<//>`}${['approved', 'partly_applied'].includes(plan.state) && html`<${Button} kind="main" act=${() => start('apply')} busy=${busy === 'apply' && W.starting}>${plan.state === 'approved' ? W.apply : W.rest}<//>`}</div></div>
    <div class="flow wrap plan-head"><div class="grow stack"><h2>${W.title(plan)}</h2>${W.lead[plan.state] && html`<p class="dim">${W.lead[plan.state]}</p>`}</div>${isMade && html`<dl class="flow mid num"><dt class="dimmer">${W.cost}</dt><dd>${W.points(plan.cost_points)}</dd><dt class="dimmer">${W.time}</dt><dd>${W.minutes(plan.minutes)}</dd></dl>`}</div>
    ${plan.because && html`<div class="bann is-bad" role="alert"><${Icon} name="warn" /><p class="wordy">${plan.because}</p></div>`}
    ${isBusy && html`<div class="stack" role="status"><${Progress} part=${job?.total ? job.done / job.total : 0} label=${W.working} /><p class="small dim num">${job?.total ? W.of(number(job.done), number(job.total)) : W.states[plan.state][2]}</p></div>`}
    ${tally && html`<p class="flow wrap" role="status" aria-label=${W.outcome}>${Object.entries(tally).map(([name, many]) => html`<${Badge} key=${name} kind=${W.results[name][0]} glyph=${W.results[name][1]}>${number(many)} ${W.results[name][2].toLowerCase()}<//>`)}</p>`}</section>
    ${isMade && html`<nav class="list facts" aria-label=${W.which}>${LISTS.map((name) => html`<a key=${name} href=${at(connection, { plan: id, job: jobId, list: name })} aria-current=${name === list ? 'true' : undefined}><span class="flow"><${Icon} name=${W.lists[name][1]} cls=${`g ${W.lists[name][2]}`} />${W.lists[name][0]}</span><b class="num">${number(plan.counts[name])}</b><span class="small dim">${name === 'matched' && TOLD.includes(plan.state) ? W.toldOf : W.lists[name][3]}</span></a>`)}</nav>
    <section class="list" aria-label=${W.lists[list][0]}><header><h2>${W.lists[list][0]}</h2><span class="dimmer num">${number(plan.counts[list])}</span></header><${Lines} key=${list} plan=${plan} list=${list} changed=${load} /></section>`}
    ${asked === 'approve' && html`<${Dialog} title=${W.approveAsk(count)} close=${() => setAsked('')} act=${{ word: W.approveAct, do: () => start('approve', 'apply') }}><p class="dim">${W.approveHint}</p><//>`}
    ${asked === 'rollback' && html`<${Dialog} title=${W.rollBackAsk} close=${() => setAsked('')} act=${{ word: W.rollBack, kind: 'bad', do: () => start('rollback') }}><p class="dim">${W.rollBackHint}</p><//>`}`
}

/** What the merchant changed since our last push. @param {{connection: string}} given */
function Drift({ connection }) {
  const [all, setAll] = useState(/** @type {any[] | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const load = () => every(`/v1/connections/${encodeURIComponent(connection)}/drift`).then((found) => { setAll(found); setProblem(null) }, setProblem)
  useEffect(() => { load() }, [connection])
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  return html`<section class="list" aria-label=${W.drift}><header><${Back} connection=${connection} /><h2>${W.drift}</h2><span class="dimmer num grow">${all?.length}</span><span class="small dim">${W.driftHint}</span></header>
    ${!all ? html`<p class="lead dim" role="status">${T.library.loading}</p>` : !all.length ? html`<${Empty} icon="check" title=${W.driftNone} />` : html`<ul>${all.map((one) => html`<li class="up audit"><b class="strong">${W.kinds[one.kind]}</b><div class="wordy">${one.ours && html`<p><span class="dimmer">${W.ours}:</span> ${one.ours}</p>`}${one.theirs && html`<p><span class="dimmer">${W.theirs}:</span> ${one.theirs}</p>`}<p class="small dim">${one.product_id}</p></div><span>${one.asset_id && html`<a class="link" href=${href(['asset', one.asset_id])}>${T.acts.open}</a>`}</span></li>`)}</ul>`}</section>`
}
