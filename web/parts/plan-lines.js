// @ts-check
// The lines of one list of a plan, read as far as they are scrolled to; each with its picture, reason, change, and what may be decided.
import { html, useEffect, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { changesOf, isSkipped, W } from '../lib/plans.js'
import { href } from '../lib/router.js'
import { T } from '../lib/text.js'
import { Badge, Button, Empty, Icon, Trouble } from './basics.js'
import { Dialog } from './dialog.js'
import { Rows } from './rows.js'
import { say, sayFailed } from './toast.js'

const FIRST = 50, MORE = 200, ROW_PX = 69, PAUSE_MS = 150

/** @param {{plan: any, list: string, changed: () => void}} given */
export function Lines({ plan, list, changed }) {
  const [lines, setLines] = useState(/** @type {any[] | null} */ (null)), [next, setNext] = useState(''), [problem, setProblem] = useState(/** @type {Error | null} */ (null)), [asked, setAsked] = useState(/** @type {any} */ (null))
  const [wanted, setWanted] = useState(1), assets = useRef(new Map()), path = `/v1/plans/${plan.id}/lines`, turn = useRef(0)
  /** Read on from what is known, until there are so many. @param {string} cursor @param {any[]} known @param {number} many */
  const read = async (cursor, known, many) => {
    const mine = ++turn.current
    try {
      let found = known, from = cursor
      do {
        const page = await call('GET', path, { query: { list, limit: many > FIRST ? MORE : FIRST, cursor: from } })
        if (mine !== turn.current) return
        found = [...found, ...page.items]
        from = page.next ?? ''
      } while (from && found.length < many)
      setLines(found); setNext(from); setProblem(null)
    } catch (refused) { if (mine === turn.current) setProblem(/** @type {Error} */ (refused)) }
  }
  useEffect(() => { read('', [], 1); return () => { turn.current++ } }, [plan.id, list, plan.state])
  useEffect(() => { if (lines && next && lines.length < wanted) read(next, lines, wanted) }, [lines, wanted])
  /** @param {any} line @param {any} body @param {string} text */
  const decide = async (line, body, text) => {
    try { await call('PATCH', `${path}/${encodeURIComponent(line.id)}`, { body }); say({ text }) } catch (refused) { sayFailed(refused); return false }
    changed()
    await read('', [], lines?.length ?? 1)
    return true
  }
  if (problem) return html`<${Trouble} problem=${problem} again=${() => read('', [], 1)} />`
  if (!lines) return html`<p class="lead dim" role="status">${T.library.loading}</p>`
  if (!lines.length && !next) return html`<${Empty} icon="store" title=${W.empty[list]} />`
  const total = next ? Math.max(plan.counts[list], lines.length + 1) : lines.length
  const row = (/** @type {number} */ at) => { const line = lines[at]; return line && html`<${Line} key=${line.id} line=${line} at=${at} total=${total} assets=${assets.current} isOpen=${plan.state === 'ready'} decide=${decide} choose=${() => setAsked(line)} />` }
  return html`<${Rows} total=${total} row=${row} need=${setWanted} height=${ROW_PX} />
    ${asked && html`<${Choose} plan=${plan} line=${asked} close=${() => setAsked(null)} pick=${async (/** @type {string[]} */ ids) => { if (await decide(asked, { variant_ids: ids }, W.chosen)) setAsked(null) }} />`}`
}

/** `assets` are those that were read already. @param {{line: any, at: number, total: number, assets: Map<string, any>, isOpen: boolean, decide: (line: any, body: any, text: string) => void, choose: () => void}} given */
function Line({ line, at, total, assets, isOpen, decide, choose }) {
  const [asset, setAsset] = useState(/** @type {any} */ (assets.get(line.asset_id))), [versions, setVersions] = useState(/** @type {any[]} */ ([])), row = useRef(/** @type {HTMLElement | null} */ (null))
  const shows = isOther(line)
  useEffect(() => {
    const seen = new IntersectionObserver(([one]) => { if (one.isIntersecting) { seen.disconnect(); if (!asset) call('GET', `/v1/assets/${line.asset_id}`).then((found) => { assets.set(line.asset_id, found); setAsset(found) }, () => {}); if (shows) call('GET', `/v1/assets/${line.asset_id}/versions`).then((page) => setVersions(page.items), () => {}) } }, { rootMargin: '200px' })
    if (row.current) seen.observe(row.current)
    return () => seen.disconnect()
  }, [line.asset_id])
  const name = line.sku ?? asset?.name ?? line.asset_id, result = line.result && W.results[line.result.state], changes = changesOf(line)
  const label = (/** @type {string} */ word) => `${word}: ${name}`
  return html`<div class="pl" role="listitem" aria-posinset=${at + 1} aria-setsize=${total} ref=${row}><span class="th">${asset?.thumb_url && html`<img src=${asset.thumb_url} alt="" loading="lazy" />`}</span>
    <div>${line.sku ? html`<a class="link wordy" href=${href(['sku', line.sku])}>${name}</a>` : html`<b class="strong wordy">${name}</b>`}<div class="dim cut">${line.product_title ?? (line.product_id ? '' : W.noProduct)}</div>${line.sku && asset && html`<div class="small dimmer cut" title=${asset.name}>${asset.name}</div>`}</div>
    <div class="stack why"><p class="dim wordy">${line.because}</p>${line.actions.length > 0 && html`<p class="small">${line.actions.map((/** @type {string} */ each) => W.actions[each]).join(', ')}</p>`}${result && line.result.detail && html`<p class="wordy">${line.result.detail}</p>`}</div>
    <dl class="ba small">${shows && html`<div><dt class="dimmer">${W.picture}</dt><dd class="flow"><${Shown} number=${line.before.version} versions=${versions} word=${W.now} isTheirs=${line.drift.some((/** @type {any} */ one) => one.kind === 'picture')} /><${Icon} name="arrow" label=${W.arrow} /><${Shown} number=${line.after.position === null ? null : line.after.version} versions=${versions} word=${W.later} /></dd></div>`}${changes.map(([word, was, is]) => html`<div><dt class="dimmer">${word}</dt><dd class="wordy"><span class="dim">${was}</span> <${Icon} name="arrow" label=${W.arrow} /> <span>${is}</span></dd></div>`)}</dl>
    <div class="acts">${result ? html`<${Badge} kind=${result[0]} glyph=${result[1]}>${result[2]}<//>` : isOpen && html`${['ambiguous', 'unmatched'].includes(line.list) && html`<${Button} kind="small" label=${label(W.choose)} act=${choose}>${W.choose}<//>`}
      ${line.drift.length > 0 && html`<${Button} kind="small" label=${label(W.overwrite)} act=${() => decide(line, { overwrite: true }, W.chosen)}>${W.overwrite}<//>`}
      ${isSkipped(line) ? html`<${Button} kind="small" label=${label(W.takeBack)} act=${() => decide(line, { skip: false }, W.taken)}>${W.takeBack}<//>` : ['matched', 'ambiguous'].includes(line.list) && html`<${Button} kind="bare small" label=${label(W.skip)} act=${() => decide(line, { skip: true }, W.skipped)}>${W.skip}<//>`}`}</div></div>`
}

/** Whether the store is to show another picture than it does. @param {any} line */
const isOther = ({ list, before, after }) => list === 'matched' && (before.version !== after.version || (before.position ?? null) !== null && (after.position ?? null) === null)

/** A version of the picture, as it is or will be in the store. @param {{number?: number | null, versions: any[], word: string, isTheirs?: boolean}} given */
function Shown({ number, versions, word, isTheirs }) {
  const url = versions.find((one) => one.number === number)?.thumb_url, label = `${word}: ${isTheirs ? W.foreign : number ? `v${number}` : W.noPicture}`
  return html`<span class=${`th ${number || isTheirs ? '' : 'no'}`} title=${label} role="img" aria-label=${label}>${isTheirs ? html`<${Icon} name="store" />` : url && html`<img src=${url} alt="" loading="lazy" />`}</span>`
}

/** Choose the variants of one product. @param {{plan: any, line: any, close: () => void, pick: (ids: string[]) => Promise<void>}} given */
function Choose({ plan, line, close, pick }) {
  const [text, setText] = useState(line.sku ?? ''), [found, setFound] = useState(/** @type {any[] | null} */ (null)), [chosen, setChosen] = useState(/** @type {any[]} */ ([])), [isBusy, setBusy] = useState(false)
  useEffect(() => {
    const control = new AbortController()
    const timer = setTimeout(() => { if (text.trim()) call('GET', `/v1/connections/${plan.connection_id}/variants`, { query: { q: text.trim() }, signal: control.signal }).then((page) => setFound(page.items), (refused) => { if (refused.name !== 'AbortError') sayFailed(refused) }); else setFound(null) }, PAUSE_MS)
    return () => { clearTimeout(timer); control.abort() }
  }, [text])
  const turn = (/** @type {any} */ one) => setChosen(chosen.some(({ id }) => id === one.id) ? chosen.filter(({ id }) => id !== one.id) : [...chosen.filter((each) => each.product_id === one.product_id), one])
  const save = async () => { setBusy(true); await pick(chosen.map(({ id }) => id)); setBusy(false) }
  return html`<${Dialog} title=${`${W.choose}: ${line.sku ?? ''}`} close=${close} act=${{ word: W.keep, do: save, busy: isBusy && T.acts.saving, why: chosen.length ? undefined : W.pickOne }}>
    <p class="dim">${line.because}</p><div class="field"><input autofocus aria-label=${W.search} placeholder=${W.search} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></div><p class="hint">${W.oneProduct}</p>
    ${found?.length === 0 && html`<p class="dim" role="status">${W.nobody}</p>`}<ul class="picks">${(found ?? []).map((one) => html`<li key=${one.id}><label class="facet"><input type="checkbox" checked=${chosen.some(({ id }) => id === one.id)} onChange=${() => turn(one)} /><span class="wordy">${one.product_title}, ${one.title} <span class="dim">${one.sku}${one.active ? '' : `, ${W.inactive}`}</span></span></label></li>`)}</ul><//>`
}
