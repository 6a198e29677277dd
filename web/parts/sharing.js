// @ts-check
// The dialog that makes a link or changes one: what visitors may, until when, behind which password. Then the link itself.
import { html, useEffect, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import * as shares from '../lib/shares.js'
import { day, T } from '../lib/text.js'
import { Dialog } from './dialog.js'
import { beginOf, dayOf, endOf, Line, One, said, Several } from './form.js'
import { sayFailed } from './toast.js'

const { LIVES_DAYS, SWITCHES, W } = shares, DAY_MS = 86_400_000
const DOWNLOADS = Object.entries(W.levels).map(([value, word]) => ({ value, word }))
const LATER = [{ value: 'joins', word: W.joins }, { value: 'frozen', word: W.frozen }]

/** Ask how to share something, make the link and show it.
 * @param {{of: (from: typeof shares) => shares.Shared | Promise<shares.Shared>, close: () => void}} given */
export default function Sharing({ of, close }) {
  const [shared, setShared] = useState(/** @type {shares.Shared | null} */ (null)), [made, setMade] = useState(/** @type {any} */ (null))
  useEffect(() => { Promise.resolve(of(shares)).then(setShared, (problem) => { close(); sayFailed(problem) }) }, [])
  if (made) return html`<${Ready} key="ready" one=${made} close=${close} />`
  return shared && html`<${ShareForm} key="form" shared=${shared} close=${close} done=${setMade} />`
}

/** @param {{shared?: shares.Shared, one?: any, close: () => void, done: (share: any) => void}} given `one` is changed */
export function ShareForm({ shared, one, close, done }) {
  const [name, setName] = useState(one?.name ?? shared?.name ?? ''), [password, setPassword] = useState(''), [isOpen, setOpen] = useState(false)
  const [switches, setSwitches] = useState(one ? SWITCHES.filter((each) => one.switches[each]) : ['view', 'download'])
  const [level, setLevel] = useState(one?.download ?? 'approved'), [later, setLater] = useState(shared?.later ? 'joins' : 'frozen')
  const [from, setFrom] = useState(dayOf(one?.starts_at)), [cap, setCap] = useState(String(one?.max_px ?? ''))
  const [until, setUntil] = useState(one ? dayOf(one.expires_at) : dayOf(new Date(Date.now() + LIVES_DAYS * DAY_MS)))
  const [why, setWhy] = useState(/** @type {Record<string, string>} */ ({})), [isBusy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    const body = {
      switches: Object.fromEntries(SWITCHES.map((each) => [each, switches.includes(each)])), download: level, name: name.trim() || null,
      starts_at: from === dayOf(one?.starts_at) && one ? one.starts_at : beginOf(from), expires_at: one && until === dayOf(one.expires_at) ? one.expires_at : endOf(until),
      max_px: cap.trim() ? Number(cap) : null, ...(password ? { password } : isOpen ? { password: null } : {}),
    }
    try {
      if (one) done(await call('PATCH', `/v1/shares/${one.id}`, { body, etag: one.etag }))
      else done(await call('POST', '/v1/shares', { body: { ...body, target: { ...shared?.target, ...(shared?.target.q === undefined ? {} : { frozen: later === 'frozen' }) } } }))
    } catch (refused) { setWhy(said(refused)); setBusy(false) }
  }
  const hasDownload = switches.includes('download')
  const told = new Set(['name', 'switches', 'password', 'expires_at', 'starts_at', 'max_px', 'download'])
  const rest = Object.entries(why).filter(([field]) => !told.has(field)).map(([field, text]) => (field.startsWith('target') ? `${shared?.title}: ${text}.` : text))
  return html`<${Dialog} title=${one ? one.name ?? W.kinds[one.target.kind][1] : shared?.title ?? ''} close=${close} act=${{ word: one ? T.acts.save : W.make, do: save, busy: isBusy && T.acts.saving }}>${rest.length > 0 && html`<p class="hint bad" role="alert">${rest.join(' ')}</p>`}
    <${Several} label=${W.may} all=${SWITCHES.map((value) => ({ value, word: W.switches[value] }))} chosen=${switches} set=${setSwitches} hint=${why.switches || W.mayHint} />
    ${hasDownload && html`<${One} id="s-level" label=${W.level} all=${DOWNLOADS} value=${level} set=${setLevel} why=${why.download} />`}
    ${shared?.target.q !== undefined && html`<${One} id="s-later" label=${W.later} all=${LATER} value=${later} set=${setLater} />`}
    <${Line} id="s-name" label=${W.name} value=${name} set=${setName} hint=${W.nameHint} why=${why.name} />
    <${Line} id="s-until" type="date" label=${W.until} value=${until} set=${setUntil} hint=${W.untilHint} why=${why.expires_at} />
    <${Line} id="s-password" type="password" label=${W.password} value=${password} set=${setPassword} hint=${one?.has_password ? W.newPasswordHint : W.passwordHint} why=${why.password} />
    ${one?.has_password && !password && html`<label class="facet"><input type="checkbox" checked=${isOpen} onChange=${(/** @type {any} */ event) => setOpen(event.target.checked)} />${W.noPassword}</label>`}
    <details open=${Boolean(from || cap || why.starts_at || why.max_px)}><summary>${W.more}</summary><div class="stack folded"><${Line} id="s-from" type="date" label=${W.from} value=${from} set=${setFrom} hint=${W.fromHint} why=${why.starts_at} />
      <${Line} id="s-cap" type="number" label=${W.cap} value=${cap} set=${setCap} hint=${W.capHint} why=${why.max_px} /></div></details><//>`
}

/** @param {{one: any, close: () => void}} given */
function Ready({ one, close }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => { navigator.clipboard.writeText(one.url).then(() => setCopied(true), sayFailed) }
  return html`<${Dialog} title=${W.ready} close=${close} safe=${T.acts.close} act=${{ word: isCopied ? W.copied : W.copy, do: copy }}><p class="dim">${W.readyHint(one.expires_at && day(one.expires_at))}</p>
    <div class="field"><input readonly autofocus aria-label=${W.link} value=${one.url} onFocus=${(/** @type {any} */ event) => event.target.select()} /></div>
    <p><a class="link mid" href=${one.url} target="_blank" rel="noopener">${W.guest}</a></p><//>`
}
