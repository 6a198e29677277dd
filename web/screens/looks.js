// @ts-check
// Visual tags of the whole library: whether anybody looks and where not, looking again and deleting all, with progress.
import { html, useEffect, useState } from '../vendor/ui.js'
import { changeCollection, collections } from '../lib/collections.js'
import { call } from '../lib/http.js'
import { looksAtAll, M } from '../lib/sight.js'
import { T } from '../lib/text.js'
import { Badge, Button, Progress, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { Picker } from '../parts/picker.js'
import { say, sayFailed } from '../parts/toast.js'

const POLL_MS = 700
/** @param {any} job */
const isBusy = (job) => job?.state === 'queued' || job?.state === 'running'
/** @param {import('../lib/collections.js').Collection} one */
const isLooked = (one) => /** @type {any} */ (one.policy).auto_tags !== false
/** @param {import('../lib/collections.js').Collection} one */
const placed = (one) => one.path || T.collections.top

export default function Looks() {
  const [isOn, setOn] = useState(/** @type {boolean | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asks, setAsks] = useState('')
  const load = () => { setProblem(null); looksAtAll().then(setOn, setProblem) }
  useEffect(load, [])
  const off = collections.value.filter((one) => !isLooked(one))
  const turn = async (/** @type {import('../lib/collections.js').Collection} */ one, /** @type {boolean} */ on) => {
    setAsks('')
    try {
      await changeCollection(one.id, { policy: { auto_tags: on } })
      say({ text: (on ? M.onNow : M.offNow)(placed(one)), undo: () => { changeCollection(one.id, { policy: { auto_tags: !on } }).catch(sayFailed) } })
    } catch (refused) { sayFailed(refused) }
  }
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  return html`<section class="list" aria-labelledby="looks"><header><h2 id="looks">${T.manage.rooms.looks}</h2><span class="grow"></span>${isOn !== null && html`<${Badge} kind=${isOn ? 'is-ok' : 'is-none'} glyph=${isOn ? 's-ok' : 's-none'}>${isOn ? M.isOn : M.isOff}<//>`}</header><p class="lead mid dim">${isOn === null ? T.library.loading : isOn ? M.on : M.off}</p></section>
    <${Service} asks=${asks} setAsks=${setAsks} />
    <section class="list" aria-labelledby="looks-off"><header><h2 id="looks-off" class="grow">${M.where}</h2><${Button} icon="plus" act=${() => setAsks('off')}>${M.add}<//></header><p class="lead mid dim">${off.length ? M.hint : `${M.none} ${M.hint}`}</p>
      ${off.length > 0 && html`<ul>${off.map((one) => html`<li class="up" key=${one.id}><span class="doc" aria-hidden="true"><svg viewBox="0 0 16 16"><use href="icons.svg#folder" /></svg></span><span class="wordy strong">${placed(one)}</span><span class="pg hide-s"></span><span class="acts"><${Button} label=${M.back(placed(one))} act=${() => { turn(one, true) }}>${M.backAct}<//></span></li>`)}</ul>`}</section>
    <${Everything} asks=${asks} setAsks=${setAsks} />
    ${asks === 'off' && html`<${Picker} title=${M.add} close=${() => setAsks('')} isOpen=${(/** @type {any} */ one) => isLooked(one) && one.rights.includes('manage')} pick=${(/** @type {any} */ one) => { turn(one, false) }} />`}`
}

/** Whether an outside service is asked for labels, and what it may cost. @param {{asks: string, setAsks: (what: string) => void}} given */
function Service({ asks, setAsks }) {
  const [one, setOne] = useState(/** @type {any} */ (null)), [cap, setCap] = useState('500')
  useEffect(() => { call('GET', '/v1/auto-tags/service').then(setOne, sayFailed) }, [])
  const set = (/** @type {any} */ body) => { setAsks(''); call('PUT', '/v1/auto-tags/service', { body }).then(setOne, sayFailed) }
  if (!one) return null
  const isOn = one.service !== null
  return html`<section class="list" aria-labelledby="looks-service"><header><h2 id="looks-service" class="grow">${M.service}</h2>${isOn && html`<${Button} act=${() => set({ service: null })}>${M.end}<//>`}${one.state !== 'unavailable' && html`<${Button} act=${() => { setCap(String(one.monthly_cap_cents || 500)); setAsks('service') }}>${isOn ? M.change : M.agree}<//>`}</header>
      <p class="lead mid dim">${one.state === 'unavailable' ? M.unreached : isOn ? `${M.used(one)}${one.state === 'cap_reached' ? ` ${M.full}` : ''}` : M.serviceOff} ${M.price(one)}</p></section>
    ${asks === 'service' && html`<${Dialog} title=${M.service} close=${() => setAsks('')} act=${{ word: isOn ? M.change : M.agree, do: () => set({ service: 'rekognition', monthly_cap_cents: Number(cap) }) }}><p class="dim">${M.serviceHint} ${M.price(one)}</p><div class="field"><input autofocus type="number" min="1" aria-label=${M.cap} value=${cap} onInput=${(/** @type {any} */ event) => setCap(event.target.value)} /></div><p class="hint">${M.cap}</p><//>`}`
}

/** Looking again and deleting all: long work that is found again when the page is opened anew. @param {{asks: string, setAsks: (what: string) => void}} given */
function Everything({ asks, setAsks }) {
  const [job, setJob] = useState(/** @type {any} */ (null)), [total, setTotal] = useState(0), [isStarting, setStarting] = useState('')
  useEffect(() => {
    call('GET', '/v1/jobs', { query: { limit: 50 } }).then(({ items }) => setJob((/** @type {any} */ now) => now ?? items.find((/** @type {any} */ one) => M.doing[one.kind] && isBusy(one)) ?? null), () => {})
    call('GET', '/v1/search', { query: { limit: 1 } }).then((found) => setTotal(found.total), () => {})
  }, [])
  useEffect(() => {
    if (!isBusy(job)) return undefined
    const timer = setTimeout(() => call('GET', `/v1/jobs/${job.id}`).then(setJob, () => setJob({ ...job })), POLL_MS)
    return () => clearTimeout(timer)
  }, [job])
  const start = async (/** @type {'look' | 'forget'} */ what) => {
    setAsks('')
    setStarting(what)
    try {
      const { job_id } = await call('POST', '/v1/auto-tags', { body: { do: what } })
      setJob(await call('GET', `/v1/jobs/${job_id}`))
    } catch (refused) { sayFailed(refused) } finally { setStarting('') }
  }
  const stop = () => { call('POST', `/v1/jobs/${job.id}/cancel`).then(setJob, sayFailed) }
  const why = isBusy(job) ? M.doing[job.kind] : undefined
  const said = !job ? '' : job.state === 'done' ? M.over[job.kind](job) : job.state === 'cancelled' ? M.stopped : job.state === 'failed' ? job.errors[0]?.detail ?? M.failed : ''
  return html`<section class="list" aria-labelledby="looks-all"><header><h2 id="looks-all">${M.all}</h2></header><ul>
      <li class="up"><span class="doc" aria-hidden="true"><svg viewBox="0 0 16 16"><use href="icons.svg#retry" /></svg></span><span class="dim wordy">${M.lookHint}</span><span class="pg hide-s"></span><span class="acts"><${Button} act=${() => { start('look') }} why=${why} busy=${isStarting === 'look' && M.doing['auto_tags.look']}>${M.look}<//></span></li>
      <li class="up"><span class="doc" aria-hidden="true"><svg viewBox="0 0 16 16"><use href="icons.svg#trash" /></svg></span><span class="dim wordy">${M.forgetHint}</span><span class="pg hide-s"></span><span class="acts"><${Button} kind="bad" act=${() => setAsks('forget')} why=${why} busy=${isStarting === 'forget' && M.doing['auto_tags.forget']}>${M.forget}<//></span></li></ul>
      ${isBusy(job) && html`<div class="lead stack"><${Progress} part=${Math.min(1, job.done / (total || 1))} label=${M.doing[job.kind]} /><div class="flow"><span class="mid grow" role="status">${M.doing[job.kind]}: <span class="num">${M.of(job.done, total)}</span>. <span class="dim">${M.leave}</span></span><${Button} kind="small" act=${stop}>${M.stop}<//></div></div>`}
      ${said && html`<p class="lead mid" role="status">${said}</p>`}</section>
    ${asks === 'forget' && html`<${Dialog} title=${M.forgetAsk} close=${() => setAsks('')} act=${{ word: M.forget, kind: 'bad', do: () => { start('forget') } }}><p class="dim">${M.forgetHint} ${M.forgetWarn}</p><//>`}`
}
