// @ts-check
// One piece of long work: how far it is, what it came to, what was left out and why, and the way on or back.
import { html, useEffect, useState } from '../vendor/ui.js'
import { href } from '../lib/router.js'
import { T, when } from '../lib/text.js'
import { called, isOver, jobs, keptUntil, KINDS, names, readNames, save, stop, undo, W, watched } from '../lib/work.js'
import { Badge, Button, Icon, Progress } from './basics.js'
import { say, sayFailed } from './toast.js'

const NAMED = 10

/** @typedef {import('../lib/work.js').Job} Job */

/** The work of an id, wherever it is; `main`: its act is the loud one. @param {{id: string, main?: boolean}} given */
export function Work({ id, main = false }) {
  useEffect(() => { watched.add(id); return () => { watched.delete(id) } }, [id])
  const job = jobs.value.find((one) => one.id === id)
  if (!job) return html`<p class="dim" role="status">${T.library.loading}</p>`
  return html`<div class="stack" aria-live="polite"><div class="flow wrap"><${State} job=${job} /><span class="mid dim num grow">${facts(job)}</span></div>
    ${!isOver(job) && html`<${Progress} part=${(job.total && job.done / job.total) || 0} label=${called(job)} /><p class="hint">${W.goesOn}</p>`}<${After} job=${job} main=${main} /><${Left} job=${job} /></div>`
}

/** The same as a row of a list. @param {{job: Job}} given */
export const Row = ({ job }) => html`<li class="up"><span class="doc"><${Icon} name=${KINDS[job.kind].icon} /></span>
  <div class="stack tight"><div class="strong cut">${called(job)}</div><div class="small dim">${[facts(job), when(job.created_at)].filter(Boolean).join(' · ')}</div>
  ${!isOver(job) && html`<${Progress} part=${(job.total && job.done / job.total) || 0} label=${called(job)} />`}<${Left} job=${job} /></div>
  <div class="pg"><${State} job=${job} /></div><div class="acts"><${Acts} job=${job} /></div></li>`

/** @param {Job} job */
const facts = (job) => (!isOver(job) ? job.total && W.progress(job.done, job.total) : job.state === 'done' && job.result ? KINDS[job.kind].came(job.result) : job.errors.at(-1)?.detail ?? '')
/** @param {Job} job */
const mayUndo = (job) => job.kind === 'bulk' && isOver(job) && job.undo_until && Date.parse(job.undo_until) > Date.now() && (job.result?.submitted ?? job.result?.changed) !== 0

/** @param {{job: Job}} given */
const State = ({ job }) => { const [kind, glyph, word] = W.states[job.state]; return html`<${Badge} kind=${kind} glyph=${glyph}>${word}<//>` }

/** @param {{job: Job, main?: boolean, undone?: (id: string) => void}} given `undone` shows the work that takes it back, else a toast tells of it */
function Acts({ job, main = false, undone }) {
  const [busy, setBusy] = useState(false)
  const act = async (/** @type {() => Promise<unknown>} */ does, /** @type {string} */ text) => { setBusy(true); try { const id = await does(); if (undone && typeof id === 'string') undone(id); else say({ text }) } catch (refused) { sayFailed(refused) } finally { setBusy(false) } }
  const isReady = job.kind === 'download' && job.state === 'done' && job.result?.files > 0
  return html`${isReady && html`<${Button} kind=${main ? 'main' : 'small'} icon="download" act=${() => { save(job.id) }} label=${`${W.save} ${job.result.file_name}`}>${W.save}<//>`}
    ${mayUndo(job) && html`<${Button} kind="small" icon="undo" busy=${busy && W.undo} act=${() => act(() => undo(job.id), W.undoing)} label=${`${W.undo}: ${called(job)}`}>${W.undo}<//>`}
    ${!isOver(job) && html`<${Button} kind="small" act=${() => act(() => stop(job.id), W.stopped)} label=${`${W.stop}: ${called(job)}`}>${W.stop}<//>`}`
}

/** In a dialog: the acts, with until when they count. @param {{job: Job, main: boolean}} given */
function After({ job, main }) {
  const [back, setBack] = useState('')
  if (back) return html`<p class="mid strong">${W.takenBack}</p><${Work} id=${back} />`
  return html`<div class="flow wrap"><${Acts} job=${job} main=${main} undone=${setBack} />${isOver(job) && html`<span class="hint">${job.kind === 'download' && job.result?.files ? job.result.because?.detail ?? W.kept(keptUntil(job)) : mayUndo(job) && job.undo_until ? W.undoUntil(job.undo_until) : ''}</span>`}</div>`
}

/** What was left out, by reason. @param {{job: Job}} given */
function Left({ job }) {
  const byReason = Map.groupBy(job.errors, (one) => one.detail)
  const many = job.result?.refused ?? job.errors.length
  if (!job.errors.length || job.state === 'failed') return null
  return html`<details class="left"><summary class="small">${W.left[job.kind]?.(many)}</summary><ul class="stack small">${[...byReason].map(([detail, all]) => html`<li key=${detail}>${detail} <${Named} ids=${all.map((one) => one.subject.replace(/^asset:/, ''))} /></li>`)}</ul></details>`
}

/** Pictures by their names, as links. @param {{ids: string[]}} given */
export function Named({ ids }) {
  const shown = ids.slice(0, NAMED)
  useEffect(() => { readNames(shown) }, [shown.join()])
  return html`<span class="dim">${shown.map((id, at) => html`${at > 0 && ', '}<a class="link" href=${href(['asset', id])}>${names.value.get(id) ?? W.one}</a>`)}${ids.length > NAMED && ` ${W.more(ids.length - NAMED)}`}</span>`
}

/** Why a trial says that some would stay as they are. @param {{trial: import('../lib/work.js').Trial, words: string}} given */
export const Trial = ({ trial, words }) => html`<div class="stack"><p class="mid" role="status">${words}</p>${trial.refused > 0 && html`<ul class="bann is-wait block small">${trial.reasons.map((one) => html`<li><b class="num">${one.count}</b> ${one.detail}</li>`)}</ul>`}</div>`
