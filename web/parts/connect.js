// @ts-check
// The dialog that connects something or changes a connection; what it asks is said by the kind.
import { html, useState } from '../vendor/ui.js'
import { KINDS, W } from '../lib/kinds.js'
import { T } from '../lib/text.js'
import { Button } from './basics.js'
import { Dialog } from './dialog.js'
import { Line, said } from './form.js'
import { sayFailed } from './toast.js'

/** What was typed, as the API takes it; what is empty is left out. @param {import('../lib/kinds.js').Ask[]} asks @param {Record<string, string>} given */
const valuesOf = (asks, given) => Object.fromEntries(asks.filter((ask) => given[ask.name]?.trim()).map((ask) => [ask.name, ask.read ? ask.read(given[ask.name]) : given[ask.name].trim()]))
/** @param {import('../lib/kinds.js').Ask[]} asks @param {Record<string, any>} settings */
const shownOf = (asks, settings) => Object.fromEntries(asks.map((ask) => [ask.name, ask.show ? ask.show(settings[ask.name]) : String(settings[ask.name] ?? '')]))
/** What was emptied: null clears it. @param {import('../lib/kinds.js').Ask[]} asks @param {Record<string, string>} given */
const clearedOf = (asks, given) => Object.fromEntries(asks.filter((ask) => ask.optional && !given[ask.name]?.trim()).map((ask) => [ask.name, null]))
/** What is said of a field or of a part of it. @param {Record<string, string>} why @param {string} name */
const whyOf = (why, name) => why[name] ?? Object.entries(why).find(([field]) => field.startsWith(`${name}.`))?.[1]

/** @param {{one?: any, close: () => void, save: (body: any) => Promise<any>, done: (saved: any) => void}} given */
export function Connect({ one, close, save, done }) {
  const [name, setName] = useState(one?.kind ?? Object.keys(KINDS)[0]), kind = KINDS[name]
  const [title, setTitle] = useState(one?.name ?? ''), [wayId, setWay] = useState(''), way = kind.ways.find(({ id }) => id === wayId) ?? kind.ways[0]
  const [settings, setSettings] = useState(shownOf(kind.settings, one?.settings ?? {})), [secrets, setSecrets] = useState(/** @type {Record<string, string>} */ ({}))
  const [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false)
  const choose = (/** @type {string} */ next) => { setName(next); setWay(''); setSecrets({}); setSettings(shownOf(KINDS[next].settings, {})) }
  const submit = async () => {
    setBusy(true)
    const credentials = valuesOf(way.asks, secrets), body = { name: title, settings: valuesOf(kind.settings, settings) }
    const isGiven = Object.keys(credentials).length > 0
    try { done(await save(one ? { ...body, settings: { ...clearedOf(kind.settings, settings), ...body.settings }, ...(isGiven ? { credentials } : {}) } : { ...body, kind: name, credentials })) } catch (refused) { setWhy(said(refused)); setBusy(false) }
  }
  const asksOf = (/** @type {string} */ part, /** @type {import('../lib/kinds.js').Ask[]} */ asks, /** @type {Record<string, string>} */ given, /** @type {(given: Record<string, string>) => void} */ set) => asks.map((ask) => html`<${Line} key=${`${name}${ask.name}`} id=${`c-${ask.name}`} type=${ask.type} label=${ask.label} hint=${ask.hint} value=${given[ask.name] ?? ''} set=${(/** @type {string} */ text) => set({ ...given, [ask.name]: text })} why=${whyOf(why, `${part}.${ask.name}`)} required=${!ask.optional && !(one && part === 'credentials')} />`)
  const known = [...way.asks.map((ask) => `credentials.${ask.name}`), ...kind.settings.map((ask) => `settings.${ask.name}`), 'name']
  const rest = Object.entries(why).filter(([field]) => !known.some((each) => field === each || field.startsWith(`${each}.`))).map(([, text]) => text)
  const note = way.note?.(secrets), missing = title.trim() ? undefined : T.acts.nameFirst
  return html`<${Dialog} title=${one ? one.name : W.connect} close=${close} act=${{ word: one ? T.acts.save : W.connectAct, do: submit, busy: isBusy && T.acts.saving, why: missing }}>
    ${rest.length > 0 && html`<p class="hint bad" role="alert">${rest.join(' ')}</p>`}
    ${!one && Object.keys(KINDS).length > 1 && html`<${Choice} label=${W.kind} name="c-kind" all=${Object.entries(KINDS).map(([id, { word }]) => ({ id, word }))} chosen=${name} set=${choose} />`}
    ${!one && html`<p class="dim">${kind.lead}</p>`}<${Line} id="c-name" label=${W.name} value=${title} set=${setTitle} why=${why.name} auto required />
    ${kind.ways.length > 1 && html`<${Choice} label=${W.way} name="c-way" all=${kind.ways} chosen=${way.id} set=${(/** @type {string} */ id) => { setWay(id); setSecrets({}); setWhy({}) }} />`}
    <details open=${!one}><summary class="strong">${W.first}</summary><ol class="steps mid stack">${way.steps.map((step) => html`<li>${step}</li>`)}</ol></details>
    ${asksOf('credentials', way.asks, secrets, setSecrets)}<p class="hint">${one ? W.later : W.kept}</p>${note && html`<${Note} text=${note} />`}
    ${asksOf('settings', kind.settings, settings, setSettings)}<//>`
}

/** One of some. @param {{label: string, name: string, all: Array<{id: string, word: string}>, chosen: string, set: (id: string) => void}} given */
const Choice = ({ label, name, all, chosen, set }) => html`<fieldset class="stack"><legend>${label}</legend><div class="flow wrap">${all.map(({ id, word }) => html`<label class="facet" key=${id}><input type="radio" name=${name} checked=${id === chosen} onChange=${() => set(id)} />${word}</label>`)}</div></fieldset>`

/** Something to be carried elsewhere. @param {{text: string}} given */
function Note({ text }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => { navigator.clipboard.writeText(text.split(' ').at(-1) ?? '').then(() => setCopied(true), sayFailed) }
  return html`<div class="bann is-acc" role="status"><span class="grow wordy">${text}</span><${Button} kind="small" act=${copy}>${isCopied ? W.copied : W.copy}<//></div>`
}
