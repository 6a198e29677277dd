// @ts-check
// The library: search, facets, the grid, what is selected. The address holds words, facets, collection, sort and view.
import { html, useEffect, useMemo, useState } from '../vendor/ui.js'
import { byId } from '../lib/collections.js'
import { lastWrite } from '../lib/http.js'
import { changedSince } from '../lib/live.js'
import { density } from '../lib/look.js'
import { asQuery, readTicked, writeTicked } from '../lib/query.js'
import { change, go, href, route } from '../lib/router.js'
import { count as selectedCount, nothing } from '../lib/selection.js'
import { counted, T } from '../lib/text.js'
import { Windows } from '../lib/windows.js'
import { Button, Empty, Icon, Trouble } from '../parts/basics.js'
import { FACETS, Facets } from '../parts/facets.js'
import { Grid } from '../parts/grid.js'
import { SearchBox } from '../parts/search-box.js'
import { SelectionBar } from '../parts/selection-bar.js'
import { say } from '../parts/toast.js'

const ROW_PX = /** @type {Record<string, number>} */ ({ small: 88, medium: 132, large: 208 })
const GAP_PX = /** @type {Record<string, number>} */ ({ small: 8, medium: 10, large: 14 })
const LINE_PX = /** @type {Record<string, number>} */ ({ small: 52, medium: 68, large: 88 })
const CAPTION_PX = 26
const SIZES = ['small', 'medium', 'large']
const SORTS = ['-uploaded', 'relevance', 'name', '-taken', '-size', '-rating']
/** The open result, kept while a picture is looked at: coming back shows the same row. @type {{key: string, data: Windows, place: number} | null} */
let kept = null
/** The result that the picture screen walks through. */
export const current = () => kept

export default function Library() {
  const { words = '', f, in: inside, sort, view } = route.value.query
  const [draft, setDraft] = useState('')
  const [chosen, setChosen] = useState(nothing)
  const ticked = useMemo(() => readTicked(f), [f])
  const home = inside ? byId.value.get(inside) : undefined
  const q = asQuery({ words: [words, draft].filter(Boolean).join(' '), ticked, inside })
  const order = sort ?? (words || draft ? 'relevance' : '-uploaded')
  const [data, setData] = useState(() => (kept?.key === `${q}\n${order}` ? kept.data : null))
  const [place, setPlace] = useState(() => (kept?.key === `${q}\n${order}` ? kept.place : 0))
  const load = (/** @type {string} */ freshFor) => {
    const next = new Windows({ q, sort: order, facets: FACETS.map((one) => one.field).join(',') })
    let isWanted = true
    next.open(freshFor).then(() => {
      if (!isWanted) return
      setData(next)
      kept = { key: `${q}\n${order}`, data: next, place: freshFor && kept ? kept.place : 0 }
    })
    return () => { isWanted = false; next.close() }
  }
  useEffect(() => {
    if (kept?.key === `${q}\n${order}` && kept.data === data) return undefined
    setPlace(0)
    setChosen(nothing)
    return load('')
  }, [q, order])
  useEffect(() => (changedSince.value ? load(lastWrite.value) : undefined), [changedSince.value])
  useEffect(() => { if (kept) kept.place = place }, [place])
  useEffect(() => { document.title = `${home?.name ?? T.nav.library} · ${T.app}` }, [home])
  const choose = (/** @type {any} */ next) => {
    const before = chosen
    if (selectedCount(before, data?.total ?? 0) > 1 && !selectedCount(next, data?.total ?? 0)) say({ text: T.selection.cleared, undo: () => setChosen(before) })
    setChosen(next)
  }
  const tick = (/** @type {string} */ field, /** @type {string} */ value, /** @type {boolean} */ on) => {
    const values = (ticked[field] ?? []).filter((one) => one !== value)
    change({ f: writeTicked({ ...ticked, [field]: on ? [...values, value] : values }) })
  }
  const open = (/** @type {number} */ at) => { const item = data?.at(at); setPlace(at); if (kept) kept.place = at; if (item) go(href(['asset', item.id], route.value.query)) }
  const isList = view === 'list'
  return html`<header class="top"><${SearchBox} words=${words} setWords=${(/** @type {string} */ next) => change({ words: next })} setDraft=${setDraft}
      inside=${inside && { name: home?.path ?? T.collections.one, clear: () => change({ in: undefined }) }} openCollection=${(/** @type {string} */ id) => change({ in: id })}
      runSearch=${(/** @type {string} */ text) => go(href(['library'], { words: text }))} />
    <a class="btn main" href=${href(['uploads'])}><${Icon} name="upload" /><span class="hide-s">${T.acts.upload}</span></a></header>
  <main class="libwrap"><div class="lib">
    <${Facets} facets=${data?.facets ?? {}} ticked=${ticked} tick=${tick} />
    <div class="found"><div class="line"><span role="status" class="num">${data ? html`<b>${counted(data.total, T.picture.one, T.picture.many)}</b>` : T.search.busy}</span><span class="grow"></span>
      <label class="flow"><span class="vh">${T.sort.label}</span><select class="btn bare" value=${order} onChange=${(/** @type {any} */ event) => change({ sort: event.target.value })}>${SORTS.map((one) => html`<option value=${one}>${T.sort[one]}</option>`)}</select></label>
      <label class="flow hide-s"><span class="vh">${T.size.label}</span><input type="range" min="0" max="2" step="1" value=${SIZES.indexOf(density.value)} aria-valuetext=${T.size[density.value]} onInput=${(/** @type {any} */ event) => { density.value = SIZES[event.target.value] }} /></label>
      <span class="bar"><${Button} icon="library" label=${T.view.grid} pressed=${!isList} act=${() => change({ view: undefined })} /><${Button} icon="list" label=${T.view.list} pressed=${isList} act=${() => change({ view: 'list' })} /></span></div>
    ${body({ data, chosen, choose, place, setPlace, open, isList, words: words || draft, ticked, inside: Boolean(inside), again: () => load('') })}</div></div>
    ${data && selectedCount(chosen, data.total) > 0 && html`<${SelectionBar} chosen=${chosen} choose=${choose} total=${data.total} q=${q} />`}</main>`
}

/** @param {any} given */
function body({ data, chosen, choose, place, setPlace, open, isList, words, ticked, inside, again }) {
  if (!data) return html`<div class="gridwrap" aria-busy="true"></div>`
  if (data.problem && !data.isReady) return html`<${Trouble} problem=${data.problem} again=${again} />`
  const narrowed = words || Object.keys(ticked).length
  if (!data.total && narrowed) return html`<${Empty} icon="search" title=${T.search.none}><p class="dim">${T.search.noneHint}</p><${Button} act=${() => go(href(['library'], { in: route.value.query.in }))}>${T.search.dropAll}<//><//>`
  if (!data.total) return html`<${Empty} icon="image" title=${inside ? T.library.emptyHere : T.library.empty}><p class="dim">${T.library.emptyHint}</p><a class="btn" href=${href(['uploads'])}><${Icon} name="upload" />${T.acts.upload}</a><//>`
  return html`<${Grid} key=${data.snapshot} data=${data} wanted=${ROW_PX[density.value]} gap=${GAP_PX[density.value]} line=${isList ? LINE_PX[density.value] : null} caption=${isList ? 0 : CAPTION_PX}
    chosen=${chosen} choose=${choose} place=${place} setPlace=${setPlace} open=${open} label=${T.library.grid} />`
}
