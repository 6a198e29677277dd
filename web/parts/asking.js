// @ts-check
// The dialog that asks people to approve pictures: whom, how many of them must agree, until when. Of many, a trial comes first.
import { html, useEffect, useState } from '../vendor/ui.js'
import { ask, people, readPeople, W, withdraw } from '../lib/asking.js'
import { attempt, begin } from '../lib/work.js'
import { T } from '../lib/text.js'
import { Button, Trouble } from './basics.js'
import { Dialog } from './dialog.js'
import { endOf, Line, One, said } from './form.js'
import { Trial, Work } from './job.js'
import { say, sayFailed } from './toast.js'

const FINDABLE = 8
const RULES = Object.entries(W.rules).map(([value, word]) => ({ value, word }))

/** `first` gives a picture that the people must be able to approve; `one` is the only picture, with its version where it is known.
 * @param {{chosen: import('../lib/work.js').Chosen, first: () => Promise<string>, one?: {name: string, version?: number}, close: () => void, done?: () => void}} given */
export default function Asking({ chosen, first, one, close, done = () => {} }) {
  const [asset, setAsset] = useState(''), [all, setAll] = useState(/** @type {Array<{id: string, name: string}> | null} */ (null)), [problem, setProblem] = useState(/** @type {Error | null} */ (null))
  const [picked, setPicked] = useState(/** @type {string[]} */ ([])), [rule, setRule] = useState('any'), [atLeast, setAtLeast] = useState('2'), [due, setDue] = useState(''), [note, setNote] = useState('')
  const [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false), [trial, setTrial] = useState(/** @type {import('../lib/work.js').Trial | null} */ (null)), [job, setJob] = useState('')
  const what = one ? `“${one.name}”` : W.these(chosen.many), title = W.title(what)
  const load = () => { setProblem(null); first().then(async (id) => { setAsset(id); const found = await readPeople(id); setAll(found); if (found.length === 1) setPicked([found[0].id]) }).catch(setProblem) }
  useEffect(load, [])
  const asked = () => ({ approver_ids: picked, rule: picked.length < 2 || rule === 'any' ? /** @type {const} */ ('any') : rule === 'all' ? /** @type {const} */ ('all') : { at_least: Number(atLeast) }, due_at: endOf(due), note: note.trim() || null })
  const refuse = (/** @type {any} */ refused) => { setTrial(null); setWhy(Object.fromEntries(Object.entries(said(refused)).map(([field, text]) => [field.replace(/^change\.submit\./, '').replace(/^rule.*/, 'rule'), text]))) }
  const start = async () => { setJob(await begin(chosen, { submit: asked() })) }
  const send = async () => {
    setBusy(true)
    setWhy({})
    try {
      if (!one) {
        const found = trial ?? await attempt(chosen, { submit: asked() })
        if (trial || !found.refused) await start()
        else setTrial(found)
        return
      }
      const items = [{ asset_id: asset, ...(one.version ? { version: one.version } : {}) }]
      const made = await ask(items, asked())
      say({ text: W.sent(people(picked), what), undo: () => { withdraw(made.id).then(() => { say({ text: W.withdrawn }); done() }, sayFailed) } })
      close()
      done()
    } catch (refused) { refuse(refused) } finally { setBusy(false) }
  }
  if (job) return html`<${Dialog} key="job" title=${title} close=${() => { close(); done() }} safe=${T.acts.close}><${Work} id=${job} /><a class="link mid" href="#/work">${W.under}</a><//>`
  if (trial) {
    const may = trial.count - trial.refused
    return html`<${Dialog} key="trial" title=${title} close=${close} act=${may ? { word: W.sendSome(may), do: send, busy: isBusy && W.sending } : undefined}><${Trial} trial=${trial} words=${may ? W.some(may, trial.count) : W.none} /><p><${Button} kind="small" icon="left" act=${() => setTrial(null)}>${W.back}<//></p><//>`
  }
  return html`<${Dialog} key="form" title=${title} close=${close} act=${{ word: W.send, do: send, busy: isBusy && W.sending, why: picked.length ? undefined : W.first }}>${why[''] && html`<p class="hint bad" role="alert">${why['']}</p>`}
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : html`<${People} asset=${asset} all=${all} picked=${picked} set=${setPicked} why=${why.approver_ids} />`}
    ${picked.length > 1 && html`<${One} id="a-rule" label=${W.rule} all=${RULES} value=${rule} set=${setRule} why=${rule === 'some' ? '' : why.rule} />`}${picked.length > 1 && rule === 'some' && html`<${Line} id="a-many" type="number" label=${W.atLeast} value=${atLeast} set=${setAtLeast} why=${why.rule} />`}
    <${Line} id="a-due" type="date" label=${W.due} value=${due} set=${setDue} hint=${W.dueHint} why=${why.due_at} /><${Note} value=${note} set=${setNote} why=${why.note} /><//>`
}

/** @param {{value: string, set: (value: string) => void, why?: string}} given */
const Note = ({ value, set, why }) => html`<div class="stack"><label for="a-note">${W.note}</label><div class=${`field ${why ? 'err' : ''}`}><textarea id="a-note" rows="2" maxlength="2000" value=${value} aria-describedby="a-note-said" onInput=${(/** @type {any} */ event) => set(event.target.value)}></textarea></div><p class=${`hint ${why ? 'bad' : ''}`} id="a-note-said">${why || W.noteHint}</p></div>`

/** Those who may approve, to be ticked; with many of them a field to find one. @param {{asset: string, all: Array<{id: string, name: string}> | null, picked: string[], set: (picked: string[]) => void, why?: string}} given */
function People({ asset, all, picked, set, why }) {
  const [text, setText] = useState(''), [found, setFound] = useState(/** @type {Array<{id: string, name: string}> | null} */ (null))
  useEffect(() => {
    let isWanted = true
    if (text.trim()) readPeople(asset, text.trim()).then((next) => { if (isWanted) setFound(next) }, sayFailed)
    else setFound(null)
    return () => { isWanted = false }
  }, [text])
  if (!all) return html`<p class="dim" role="status">${T.library.loading}</p>`
  if (!all.length) return html`<p class="bann is-wait">${W.nobody}</p>`
  const shown = found ?? all
  return html`<fieldset class="stack"><legend>${W.whom}</legend>${all.length >= FINDABLE && html`<div class="field"><input aria-label=${W.find} placeholder=${W.find} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></div>`}
    <div class="picks">${shown.map((one) => html`<label class="facet" key=${one.id}><input type="checkbox" checked=${picked.includes(one.id)} onChange=${(/** @type {any} */ event) => set(event.target.checked ? [...picked, one.id] : picked.filter((each) => each !== one.id))} />${one.name}</label>`)}</div>
    ${!shown.length && html`<p class="dim small">${W.nobodyFits}</p>`}<p class=${`hint ${why ? 'bad' : ''}`} role=${why ? 'alert' : undefined}>${why ? `${W.whom}: ${why}.` : W.whomHint}</p></fieldset>`
}
