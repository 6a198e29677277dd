// @ts-check
// The dialog that changes many pictures alike: what is to change, a trial that writes nothing, then the work with its way back.
import { html, useEffect, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { asChange, FIELDS, fieldWord, nothing, shown, W } from '../lib/many.js'
import { T } from '../lib/text.js'
import { attempt, begin } from '../lib/work.js'
import { Button } from './basics.js'
import { Dialog } from './dialog.js'
import { Line, said } from './form.js'
import { Trial, Work } from './job.js'
import { Chip, PlacesField } from './places-field.js'
import { Tri } from './tri.js'

/** @typedef {import('../lib/many.js').Wish} Wish */

/** @param {{chosen: import('../lib/work.js').Chosen, close: () => void}} given */
export default function EditingMany({ chosen, close }) {
  const [wish, setWish] = useState(/** @type {Wish} */ (nothing))
  const [why, setWhy] = useState(''), [isBusy, setBusy] = useState(false), [trial, setTrial] = useState(/** @type {import('../lib/work.js').Trial | null} */ (null)), [job, setJob] = useState('')
  const [there, setThere] = useState(/** @type {import('../lib/work.js').Trial | null} */ (null))
  useEffect(() => { attempt(chosen).then(setThere, () => {}) }, [])
  const put = (/** @type {Partial<Wish>} */ more) => setWish({ ...wish, ...more })
  const title = W.title(chosen.many), change = asChange(wish)
  const doing = (/** @type {() => Promise<void>} */ act) => async () => {
    setBusy(true)
    setWhy('')
    try { await act() } catch (refused) { setTrial(null); setWhy(Object.entries(said(refused)).map(([field, text]) => (field ? `${fieldWord(field.replace(/^change\.(set\.)?/, '').replace(/\..*/, ''))}: ${text}.` : text)).join(' ')) } finally { setBusy(false) }
  }
  const check = doing(async () => { setTrial(await attempt(chosen, change ?? {})) }), apply = doing(async () => { setJob(await begin(chosen, change ?? {})) })
  if (job) return html`<${Dialog} key="job" title=${title} close=${close} safe=${T.acts.close}><${Work} id=${job} /><a class="link mid" href="#/work">${W.under}</a><//>`
  if (trial) {
    const may = trial.count - trial.refused, example = trial.sample.find((one) => !one.refused && Object.keys(one.after).length)
    return html`<${Dialog} key="trial" title=${title} close=${close} act=${may ? { word: W.apply(may), do: apply, busy: isBusy && W.applying } : undefined}><${Trial} trial=${trial} words=${!trial.refused ? W.all(trial.count) : may ? W.some(may, trial.count, trial.refused) : W.none} />
      ${example && html`<${Example} one=${example} />`}<p><${Button} kind="small" icon="left" act=${() => setTrial(null)}>${W.back}<//></p><//>`
  }
  const free = FIELDS.filter((one) => !wish.fields.some((each) => each.name === one.name))
  const set = (/** @type {string} */ name, /** @type {string} */ text) => put({ fields: wish.fields.map((one) => (one.name === name ? { name, text } : one)) })
  return html`<${Dialog} key="form" title=${title} close=${close} act=${{ word: W.check, do: check, busy: isBusy && W.checking, why: !change ? W.first : wish.archive === '' ? W.reasonFirst : undefined }}>${why && html`<p class="hint bad" role="alert">${why}</p>`}
    ${there && html`<${Tri} legend=${W.now} all=${there.keywords} of=${there.count} add=${wish.add} drop=${wish.drop} set=${(/** @type {string[]} */ add, /** @type {string[]} */ drop) => put({ add, drop })} />`}
    <${Words} id="m-add" label=${W.add} words=${wish.add} set=${(/** @type {string[]} */ add) => put({ add })} hint=${W.wordsHint} auto />
    <${Words} id="m-drop" label=${W.drop} words=${wish.drop} set=${(/** @type {string[]} */ drop) => put({ drop })} />
    ${there && html`<${Tri} legend=${W.placesNow} all=${there.collections.filter(({ value }) => byId.value.has(value))} of=${there.count} add=${wish.into} drop=${wish.out} set=${(/** @type {string[]} */ into, /** @type {string[]} */ out) => put({ into, out })} name=${(/** @type {string} */ id) => byId.value.get(id)?.path || T.collections.top} />`}
    <${PlacesField} label=${W.into} ids=${wish.into} set=${(/** @type {string[]} */ into) => put({ into })} isOpen=${(/** @type {any} */ one) => one.rights.includes('upload')} /><${PlacesField} label=${W.out} ids=${wish.out} set=${(/** @type {string[]} */ out) => put({ out })} hint=${wish.out.length > 0 && W.outHint} />
    <fieldset class="stack"><legend>${W.fields}</legend>${wish.fields.map(({ name, text }) => html`<div class="flow" key=${name}><div class="grow"><${Line} id=${`m-${name}`} type=${FIELDS.find((one) => one.name === name)?.type} label=${fieldWord(name)} value=${text} set=${(/** @type {string} */ next) => set(name, next)} hint=${text ? '' : W.clear} auto /></div>
      <${Button} kind="bare" icon="x" label=${W.drops(fieldWord(name))} act=${() => put({ fields: wish.fields.filter((one) => one.name !== name) })} /></div>`)}
      ${free.length > 0 && html`<div class="field"><select aria-label=${W.field} value="" onChange=${(/** @type {any} */ event) => { if (event.target.value) put({ fields: [...wish.fields, { name: event.target.value, text: '' }] }) }}><option value="">${W.field}</option>${free.map((one) => html`<option key=${one.name} value=${one.name}>${fieldWord(one.name)}</option>`)}</select></div>`}</fieldset>
    <label class="facet"><input type="checkbox" checked=${wish.archive !== null} onChange=${(/** @type {any} */ event) => put({ archive: event.target.checked ? '' : null })} />${W.archive}</label>${wish.archive !== null && html`<${Line} id="m-why" label=${W.reason} value=${wish.archive} set=${(/** @type {string} */ archive) => put({ archive })} hint=${W.archiveHint} required />`}<//>`
}

/** Several words. @param {{id: string, label: string, words: string[], set: (words: string[]) => void, hint?: string, auto?: boolean}} given */
function Words({ id, label, words, set, hint, auto = false }) {
  const [text, setText] = useState('')
  const add = (/** @type {string} */ more) => { const fresh = more.split(',').map((word) => word.trim()).filter((word) => word && !words.includes(word)); setText(''); if (fresh.length) set([...words, ...fresh]) }
  const key = (/** @type {KeyboardEvent} */ event) => {
    if ((event.key === 'Enter' && text.trim()) || event.key === ',') { event.preventDefault(); add(text) }
    else if (event.key === 'Backspace' && !text && words.length) set(words.slice(0, -1))
  }
  return html`<div class="stack"><label for=${id}>${label}</label><div class="field wrap">${words.map((word) => html`<${Chip} key=${word} word=${word} label=${W.word(word)} drop=${() => set(words.filter((one) => one !== word))} />`)}<input id=${id} autofocus=${auto} value=${text} maxlength="255" aria-describedby=${hint ? `${id}-said` : undefined} onInput=${(/** @type {any} */ event) => setText(event.target.value)} onKeyDown=${key} onBlur=${() => add(text)} /></div>
    ${hint && html`<p class="hint" id=${`${id}-said`}>${hint}</p>`}</div>`
}

/** One picture of the trial, before and after. @param {{one: any}} given */
const Example = ({ one }) => html`<div class="stack small"><p class="dim">${W.example}: ${one.name}</p><dl class="meta">${Object.keys(one.after).map((field) => html`<dt>${fieldWord(field)}</dt><dd>${shown(one.before[field], byId.value)} <span class="dim">${W.becomes}</span> <b>${shown(one.after[field], byId.value)}</b></dd>`)}</dl></div>`
