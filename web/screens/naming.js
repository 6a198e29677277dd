// @ts-check
// Naming rules: what names of files say of SKU, position and shot; tried on names while they are written, kept when they are right.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { MOST_RULES, W } from '../lib/naming.js'
import { T } from '../lib/text.js'
import { Button, Icon, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { say, sayFailed } from '../parts/toast.js'

/** @typedef {{pattern: string, needs_digit: boolean}} Rule */
const PAUSE_MS = 200, SAMPLES = 8, SOON_MS = 700, MOST_NAMES = 200

export default function Naming() {
  const [kept, setKept] = useState(/** @type {Rule[] | null} */ (null)), [rules, setRules] = useState(/** @type {Rule[]} */ ([])), [names, setNames] = useState(''), [said, setSaid] = useState(/** @type {any[]} */ ([])), [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [isAsked, setAsked] = useState(false), [isBusy, setBusy] = useState(false)
  const load = () => Promise.all([call('GET', '/v1/naming'), call('GET', '/v1/search', { query: { q: 'type:image', limit: SAMPLES } }).catch(() => ({ items: [] }))]).then(([found, page]) => { setKept(found.rules); setRules(found.rules); setNames((old) => old || [...page.items.map((/** @type {any} */ one) => one.name), 'TS-100_02_back.jpg', 'IMG_1234.jpg'].slice(-SAMPLES).join('\n')); setProblem(null) }, setProblem)
  useEffect(() => { load() }, [])
  const listed = names.split('\n').map((one) => one.trim()).filter(Boolean).slice(0, MOST_NAMES)
  useEffect(() => {
    if (!kept) return
    const control = new AbortController()
    const timer = setTimeout(() => call('POST', '/v1/naming/try', { body: { names: listed, rules }, signal: control.signal }).then((found) => { setSaid(found.items); setWhy({}) }, (refused) => { if (refused.name !== 'AbortError') setWhy(Object.keys(refused.fields ?? {}).length ? refused.fields : { '': refused.message }) }), PAUSE_MS)
    return () => { clearTimeout(timer); control.abort() }
  }, [kept, JSON.stringify([rules, listed])])
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`
  if (!kept) return html`<p class="dim" role="status">${T.library.loading}</p>`
  const set = (/** @type {number} */ at, /** @type {Partial<Rule>} */ values) => setRules(rules.map((one, place) => (place === at ? { ...one, ...values } : one)))
  const move = (/** @type {number} */ at, /** @type {number} */ by) => { const next = [...rules]; next.splice(at + by, 0, ...next.splice(at, 1)); setRules(next) }
  const isSame = JSON.stringify(rules) === JSON.stringify(kept), isWrong = Object.keys(why).length > 0
  const save = async () => {
    setAsked(false); setBusy(true)
    try {
      const { job_id: id } = await call('PUT', '/v1/naming', { body: { rules } })
      setKept(rules)
      let job = await call('GET', `/v1/jobs/${id}`)
      while (['queued', 'running'].includes(job.state)) { await new Promise((go) => { setTimeout(go, SOON_MS) }); job = await call('GET', `/v1/jobs/${id}`) }
      say({ text: job.state === 'done' ? W.saved(job.result.changed) : job.errors.at(-1)?.detail })
    } catch (refused) { sayFailed(refused) }
    setBusy(false)
  }
  const fits = said.filter((one) => one.skus.length).length
  return html`<section class="list" aria-label=${W.room}><header><h2 class="grow">${W.room}</h2>${!isSame && html`<${Button} act=${() => setRules(kept)}>${W.undo}<//>`}<${Button} kind="main" act=${() => setAsked(true)} busy=${isBusy && W.saving} why=${isWrong ? W.wrong : isSame ? W.same : undefined}>${W.save}<//></header>
      <div class="name-in stack"><p class="dim">${W.lead}</p><dl class="signs small" aria-label=${W.how}>${W.parts.map(([sign, means]) => html`<div key=${sign}><dt><code>${sign}</code></dt><dd class="dim">${means}</dd></div>`)}</dl>${why[''] && html`<p class="hint bad" role="alert">${why['']}</p>`}</div>
      <ol>${rules.map((one, at) => { const wrong = why[`rules.${at}.pattern`]; return html`<li class="nr" key=${at}><span class="num dimmer">${at + 1}</span><div class="stack"><div class=${`field ${wrong ? 'err' : ''}`}><input aria-label=${W.rule(at + 1)} value=${one.pattern} spellcheck=${false} maxlength="200" aria-invalid=${wrong ? 'true' : undefined} aria-describedby=${wrong ? `n-${at}` : undefined} onInput=${(/** @type {any} */ event) => set(at, { pattern: event.target.value })} /></div>${wrong && html`<p class="hint bad" id=${`n-${at}`} role="alert">${wrong}</p>`}</div>
        <label class="facet" title=${W.digitHint}><input type="checkbox" checked=${one.needs_digit} onChange=${(/** @type {any} */ event) => set(at, { needs_digit: event.target.checked })} />${W.digit}</label><span class="flow"><${Button} kind="bare small up-d" icon="down" label=${`${W.up}: ${W.rule(at + 1)}`} why=${at ? undefined : W.up} act=${() => move(at, -1)} /><${Button} kind="bare small" icon="down" label=${`${W.down}: ${W.rule(at + 1)}`} why=${at < rules.length - 1 ? undefined : W.down} act=${() => move(at, 1)} /><${Button} kind="bare small" icon="x" label=${`${W.remove}: ${W.rule(at + 1)}`} act=${() => setRules(rules.filter((_, place) => place !== at))} /></span></li>` })}</ol>
      ${!rules.length && html`<p class="lead dim">${W.none}</p>`}<p class="lead name-add"><${Button} icon="plus" act=${() => setRules([...rules, { pattern: '{sku}', needs_digit: true }])} why=${rules.length >= MOST_RULES ? String(MOST_RULES) : undefined}>${W.add}<//></p></section>
    <section class="list" aria-label=${W.try}><header><h2>${W.try}</h2><span class="small dim grow">${W.tryLead}</span><span class="small dim num" role="status">${W.fits(fits, said.length)}</span></header><div class="trial"><div class="stack"><label for="n-names">${W.names}</label><div class="field"><textarea id="n-names" rows="8" spellcheck=${false} value=${names} onInput=${(/** @type {any} */ event) => setNames(event.target.value)}></textarea></div></div>
      <div class="stack"><h3>${W.say}</h3><ul class=${isWrong ? 'stale' : ''}>${said.map((one) => html`<li key=${one.name}><div class="wordy">${one.name}</div>${one.skus.length ? html`<div class="flow wrap small"><b class="strong wordy">${one.skus.join(', ')}</b>${one.position !== null && html`<span class="dim">${W.position} ${one.position}</span>`}${one.shot_type && html`<span class="dim">${W.shot} ${one.shot_type}</span>`}<code class="dimmer wordy">${one.rule}</code></div>` : html`<div class="small dimmer flow"><${Icon} name="minus" />${W.nothing}</div>`}</li>`)}</ul></div></div></section>
    ${isAsked && html`<${Dialog} title=${W.ask} close=${() => setAsked(false)} act=${{ word: W.save, do: save }}><p class="dim">${W.askHint}</p><//>`}`
}
