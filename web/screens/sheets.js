// @ts-check
// Sheets of SKUs, positions and alt texts: pasted or dropped, every row seen before anything changes, applied, undone, written out.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { change, href, route } from '../lib/router.js'
import { changesOf, read, send, STATES, W } from '../lib/sheets.js'
import { number, size, T } from '../lib/text.js'
import { Badge, Button, Empty, Icon, Progress, Trouble } from '../parts/basics.js'
import { say, sayFailed } from '../parts/toast.js'

const SOON_MS = 700, PAGE = 100, MOST_BYTES = 20_000_000
const isOver = (/** @type {any} */ job) => !['queued', 'running'].includes(job.state)

export default function Sheets() {
  const { job, upload } = route.value.query
  return html`<${Give} />${job && html`<${Job} key=${job} id=${job} upload=${upload} />`}<${Write} />`
}

/** Watch a job until it is over. @param {string} id */
function useJob(id) {
  const [job, setJob] = useState(/** @type {any} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  useEffect(() => {
    let timer = 0, isGone = false
    const look = async () => {
      try {
        const now = await call('GET', `/v1/jobs/${encodeURIComponent(id)}`)
        if (isGone) return
        setJob(now); setProblem(null)
        if (!isOver(now)) timer = setTimeout(look, SOON_MS)
      } catch (refused) { if (!isGone) setProblem(/** @type {Error} */ (refused)) }
    }
    if (id) look()
    return () => { isGone = true; clearTimeout(timer) }
  }, [id])
  return { job, problem }
}

/** Paste, choose or drop a sheet. */
function Give() {
  const [text, setText] = useState(''), [file, setFile] = useState(/** @type {File | null} */ (null)), [busy, setBusy] = useState(''), [why, setWhy] = useState(''), [isOverIt, setOver] = useState(false)
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null))
  const take = (/** @type {File | undefined} */ given) => { if (given) { setFile(given); setWhy(given.size > MOST_BYTES ? W.large : '') } }
  const look = async () => {
    const body = file ?? new Blob([text])
    if (!body.size || why) { setWhy(why || W.empty); return }
    setBusy(W.sending); setWhy('')
    try { const upload = await send(body, file?.name ?? W.sheet); setBusy(W.reading); change({ upload, job: await read(upload, true), state: undefined, back: undefined }) } catch (refused) { setWhy(/** @type {Error} */ (refused).message) }
    setBusy('')
  }
  const drag = (/** @type {DragEvent} */ event) => { event.preventDefault(); event.stopPropagation(); setOver(event.type === 'dragover') }
  const drop = (/** @type {DragEvent} */ event) => { drag(event); take(event.dataTransfer?.files[0]) }
  return html`<section class=${`list give ${isOverIt ? 'over' : ''}`} aria-label=${W.room} onDragOver=${drag} onDragLeave=${drag} onDrop=${drop}><header><h2>${W.room}</h2></header><div class="stack sheet-in"><p class="dim">${W.lead}</p>
    ${file ? html`<p class="flow wrap"><${Icon} name="doc" /><b class="strong wordy">${W.chosen(file.name, size(file.size))}</b><${Button} kind="small" act=${() => { setFile(null); setWhy('') }}>${W.other}<//></p>`
      : html`<label for="rows">${W.paste}</label><div class=${`field ${why ? 'err' : ''}`}><textarea id="rows" rows="6" spellcheck=${false} placeholder=${W.sample} value=${text} aria-describedby="rows-said" onInput=${(/** @type {any} */ event) => { setText(event.target.value); setWhy('') }}></textarea></div>`}
    <p class="hint bad" id="rows-said" role="alert">${why}</p>
    <div class="flow wrap"><input class="vh" ref=${picker} type="file" accept=".csv,.txt,.tsv,text/csv" tabindex="-1" aria-label=${W.choose} onChange=${(/** @type {any} */ event) => { take(event.target.files[0]); event.target.value = '' }} />
      <${Button} icon="doc" act=${() => picker.current?.click()}>${W.choose}<//><span class="small dim hide-s grow">${W.drop}</span><${Button} kind="main" act=${look} busy=${busy}>${W.look}<//></div></div></section>`
}

/** A sheet that is or was read, with its rows. @param {{id: string, upload?: string}} given */
function Job({ id, upload }) {
  const { job, problem } = useJob(id), [busy, setBusy] = useState(''), back = route.value.query.back ?? '', undo = useJob(back).job
  if (problem) return html`<${Trouble} problem=${problem} />`
  if (!job) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const { result } = job, isTrial = result ? 'change' in result : !job.undo_until, failure = job.errors.find((/** @type {any} */ one) => one.subject.startsWith('job:'))
  const apply = async () => { setBusy(W.starting); try { change({ job: await read(/** @type {string} */ (upload), false), upload: undefined, state: undefined }) } catch (refused) { sayFailed(refused) } setBusy('') }
  const takeBack = async () => { setBusy(W.starting); try { change({ back: (await call('POST', `/v1/jobs/${job.id}/undo`)).job_id }) } catch (refused) { sayFailed(refused) } setBusy('') }
  const mayUndo = job.undo_until && new Date(job.undo_until) > new Date() && isOver(job) && result?.changed > 0 && !undo
  return html`<section class="list" aria-label=${isTrial ? W.tried : W.made}><header><h2>${isTrial ? W.tried : W.made}</h2><span class="grow small dim wordy" role="status">${result ? (isTrial ? '' : W.summary(result)) : W.of(job.done, job.total ?? 0)}</span>
      ${isTrial && result && (result.change ? html`<${Button} kind="main" act=${apply} busy=${busy} why=${upload ? undefined : W.gone}>${W.apply(result.change)}<//>` : html`<span class="small dim">${W.nothing}</span>`)}
      ${mayUndo && html`<${Button} icon="undo" act=${takeBack} busy=${busy}>${W.undo}<//>`}</header>
    ${!isOver(job) && html`<div class="sheet-in"><${Progress} part=${job.total ? job.done / job.total : 0} label=${W.reading} /></div>`}
    ${undo && html`<div class="bann is-ok sheet-in" role="status"><${Icon} name="undo" /><p>${undo.result ? W.undone(undo.result.undone) + (undo.result.refused ? W.kept(undo.result.refused) : '') : W.undoing}</p></div>`}
    ${['failed', 'cancelled'].includes(job.state) && html`<div class="bann is-bad sheet-in" role="alert"><${Icon} name="warn" /><p>${failure?.detail ?? (job.state === 'failed' ? W.failed : W.cancelled)}</p></div>`}
    ${result?.ignored_columns?.length > 0 && html`<p class="lead small dim wordy">${W.ignored(result.ignored_columns)}</p>`}
    ${isOver(job) && html`<${Rows} id=${id} result=${result ?? {}} isTrial=${isTrial} />`}</section>`
}

/** Its rows, some at a time. @param {{id: string, result: any, isTrial: boolean}} given */
function Rows({ id, result, isTrial }) {
  const state = route.value.query.state ?? '', [rows, setRows] = useState(/** @type {any[] | null} */ (null)), [next, setNext] = useState(''), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const end = useRef(/** @type {HTMLElement | null} */ (null)), turn = useRef(0)
  const more = async (/** @type {string} */ cursor, /** @type {any[]} */ known) => {
    const mine = ++turn.current
    try {
      let page = await call('GET', `/v1/metadata/import/${encodeURIComponent(id)}/rows`, { query: { state, limit: PAGE, cursor } })
      while (!page.items.length && page.next) page = await call('GET', `/v1/metadata/import/${encodeURIComponent(id)}/rows`, { query: { state, limit: PAGE, cursor: page.next } })
      if (mine === turn.current) { setRows([...known, ...page.items]); setNext(page.next ?? ''); setProblem(null) }
    } catch (refused) { if (mine === turn.current) setProblem(/** @type {Error} */ (refused)) }
  }
  useEffect(() => { setRows(null); more('', []); return () => { turn.current++ } }, [id, state])
  useEffect(() => {
    if (!next || !end.current) return
    const seen = new IntersectionObserver(([one]) => { if (one.isIntersecting) { seen.disconnect(); more(next, rows ?? []) } }, { rootMargin: '600px' })
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [next])
  const tabs = ['', ...STATES.filter((one) => one !== (isTrial ? 'changed' : 'change'))]
  return html`<nav class="flow wrap sheet-in" aria-label=${W.rows}>${tabs.map((one) => html`<a key=${one} class=${`btn small ${one === state ? 'on' : 'bare'}`} aria-current=${one === state ? 'true' : undefined} href=${href(route.value.path, { ...route.value.query, state: one })}>${one ? W.states[one][2] : W.all}${isTrial && html` <span class="num dim">${number(one ? result[one] ?? 0 : result.rows ?? 0)}</span>`}</a>`)}</nav>
    ${problem ? html`<${Trouble} problem=${problem} again=${() => more('', [])} />` : !rows ? html`<p class="lead dim" role="status">${T.library.loading}</p>` : !rows.length ? html`<${Empty} icon="list" title=${W.noRows} />` : html`<ul>${rows.map((row) => html`<${Row} key=${row.number} row=${row} />`)}</ul>`}
    ${next && rows && html`<p class="lead dim" ref=${end}>${T.library.loading}</p>`}`
}

/** @param {{row: any}} given */
function Row({ row }) {
  const [kind, glyph, word] = W.states[row.state], told = row.told.file ?? row.told.asset_id ?? ''
  return html`<li class="sr"><span class="num dimmer" title=${W.row(row.number)}>${number(row.number)}</span><div>${row.asset_id ? html`<a class="link wordy" href=${href(['asset', row.asset_id])}>${row.name ?? told}</a>` : html`<b class="strong wordy">${told || W.none}</b>`}
      ${(row.detail || row.warning) && html`<p class=${`small wordy ${row.state === 'refused' ? 'why' : 'dim'}`}>${row.detail ?? row.warning}</p>`}</div>
    <dl class="small">${changesOf(row).map(([name, was, is]) => html`<div><dt class="dimmer">${name}</dt><dd class="wordy"><span class="dim">${was}</span> <${Icon} name="arrow" label=${W.arrow} /> ${is}</dd></div>`)}</dl><span><${Badge} kind=${kind} glyph=${glyph}>${word}<//></span></li>`
}

/** Write a sheet of what a search finds. */
function Write() {
  const [q, setQ] = useState(''), [id, setId] = useState(''), { job, problem } = useJob(id), isBusy = id && !problem && (!job || !isOver(job))
  const write = async () => { try { setId((await call('POST', '/v1/metadata/export', { body: { q } })).job_id) } catch (refused) { sayFailed(refused) } }
  useEffect(() => { if (job?.state === 'failed') say({ text: job.errors.at(-1)?.detail ?? W.failed }) }, [job?.state])
  return html`<section class="list" aria-label=${W.out}><header><h2>${W.out}</h2></header><div class="stack sheet-in"><p class="dim">${W.outHint}</p><label for="sheet-q">${W.q}</label>
    <div class="flow wrap"><div class="field grow"><input id="sheet-q" value=${q} onInput=${(/** @type {any} */ event) => { setQ(event.target.value); setId('') }} /></div>
      ${job?.result?.url ? html`<a class="btn" href=${job.result.url} download=${job.result.file_name}><${Icon} name="download" />${W.take(job.result.rows)}</a>` : html`<${Button} icon="download" act=${write} busy=${isBusy && W.writing}>${W.write}<//>`}</div></div></section>`
}
