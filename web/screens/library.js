// @ts-check
// The library: search, facets, the grid, what is selected. The address holds words, facets, collection, sort and view.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/ui.js'
import { carried } from '../lib/carrying.js'
import { byId, mayAnywhere } from '../lib/collections.js'
import { call, lastWrite } from '../lib/http.js'
import { shortcuts } from '../lib/keys.js'
import { changedSince, settle } from '../lib/live.js'
import { density, guide, view } from '../lib/look.js'
import { askedAt, asQuery, FACETS, fromQuery, parts, pieces, readTicked, TRASH, writeTicked } from '../lib/query.js'
import { change, closeSheet, go, href, openSheet, route } from '../lib/router.js'
import { saveSearch } from '../lib/searches.js'
import { count as selectedCount, holds, nothing } from '../lib/selection.js'
import { may } from '../lib/session.js'
import { counted, KEYS, T } from '../lib/text.js'
import { Windows } from '../lib/windows.js'
import { Button, Empty, Icon, Trouble } from '../parts/basics.js'
import { Dialog } from '../parts/dialog.js'
import { facetName, Facets, valueName } from '../parts/facets.js'
import { Grid } from '../parts/grid.js'
import { SearchBox } from '../parts/search-box.js'
import { SelectionBar } from '../parts/selection-bar.js'
import { NamingLater, ShareLater } from '../parts/later.js'
import { say } from '../parts/toast.js'

const ROW_PX = /** @type {Record<string, number>} */ ({ small: 88, medium: 132, large: 208 })
const GAP_PX = /** @type {Record<string, number>} */ ({ small: 8, medium: 10, large: 14 })
const LINE_PX = /** @type {Record<string, number>} */ ({ small: 52, medium: 68, large: 88 })
const CAPTION_PX = 26
const SIZES = ['small', 'medium', 'large']
const SORTS = ['-uploaded', 'uploaded', 'relevance', 'name', '-name', '-taken', 'taken', '-size', 'size', '-rating', 'rating']
/** The open result, kept while a picture is looked at: coming back shows the same rows. @type {{key: string, data: Windows, place: number, seen: number} | null} */
let kept = null
/** The result that the picture screen walks through. */
export const current = () => kept

export default function Library() {
  const { words = '', f, in: inside, view: named, sheet } = route.value.query
  const [draft, setDraft] = useState('')
  const [chosen, setChosen] = useState(nothing)
  const [isSaving, setSaving] = useState(false), [isShared, setShared] = useState(false)
  const ticked = useMemo(() => readTicked(f), [f])
  const home = inside ? byId.value.get(inside) : undefined
  const { q, sort: order } = askedAt(route.value.query, draft)
  const key = `${q}\n${order}`
  const [data, setData] = useState(() => (kept?.key === key ? kept.data : null))
  const [place, setPlace] = useState(() => (kept?.key === key ? kept.place : 0))
  const isBack = useRef(kept?.key === key).current
  const load = (isLive = false) => {
    const next = new Windows({ q, sort: order, facets: FACETS.join(',') })
    const old = isLive && kept?.key === key ? kept : null
    const seen = changedSince.value
    if (kept) next.facets.value = kept.data.facets.value
    let isWanted = true
    next.open(isLive ? lastWrite.value : '', old?.data.firstSeen).then(() => {
      settle()
      if (!isWanted || (old && next.problem)) return
      const held = old?.data.at(old.place)?.id
      const found = next.placeOf(held)
      const at = found >= 0 ? found : Math.min(old?.place ?? 0, Math.max(0, next.total - 1))
      if (old) next.top = old.data.top
      kept = { key, data: next, place: at, seen }
      setData(next)
      setPlace(at)
    })
    return () => { isWanted = false; next.close() }
  }
  useEffect(() => {
    if (kept?.key === key && kept.data === data) return undefined
    setChosen(nothing)
    return load()
  }, [key])
  useEffect(() => (kept?.key === key && kept.seen !== changedSince.value ? load(true) : undefined), [changedSince.value])
  useEffect(() => { if (kept?.key === key) kept.place = place }, [place])
  useEffect(() => { document.title = `${home?.name ?? T.nav.library} · ${T.app}` }, [home])
  useLayoutEffect(() => shortcuts(KEYS.grid.map(([keys, does]) => ({ keys, does, where: KEYS.places.grid }))), [])
  const choose = (/** @type {any} */ next) => {
    const before = chosen
    if (selectedCount(before, data?.total ?? 0) > 1 && !selectedCount(next, data?.total ?? 0)) say({ text: T.selection.cleared, undo: () => setChosen(before) })
    setChosen(next)
  }
  const tick = (/** @type {string} */ field, /** @type {string} */ value, /** @type {boolean} */ on) => {
    const values = (ticked[field] ?? []).filter((one) => one !== value)
    change({ f: writeTicked({ ...ticked, [field]: on ? [...values, value] : values }) })
  }
  const untick = (/** @type {string} */ field) => change({ f: writeTicked({ ...ticked, [field]: [] }) })
  const filters = Object.entries(ticked).map(([field, values]) => ({ field, name: facetName(field), value: values.map((one) => valueName(field, one)).join(` ${T.search.or} `) }))
  const open = (/** @type {number} */ at) => {
    const item = data?.at(at)
    setPlace(at)
    if (!item) return
    if (kept) kept.place = at
    if (guide.value === '1') guide.value = '2'
    go(href(['asset', item.id], route.value.query), { over: true })
  }
  const carry = (/** @type {string} */ id) => {
    carried.value = { q, total: data?.total ?? 0, chosen: holds(chosen, id) ? chosen : { all: false, ids: new Set([id]) } }
  }
  const isList = (named ?? view.value) === 'list'
  const setView = (/** @type {string} */ next) => { view.value = next; change({ view: next }, { replace: true }) }
  const runSearch = (/** @type {string} */ text) => { const found = fromQuery(text); go(href(['library'], { words: found.words, f: writeTicked(found.ticked), in: found.inside })) }
  const isNarrowed = Boolean(words || draft || filters.length)
  const product = words.match(/(?:^|\s)sku:(?:"([^"]+)"|([^\s"()*]+))/)?.slice(1).find(Boolean)
  const panel = html`<${Facets} facets=${data?.facets} ticked=${ticked} tick=${tick} />`
  return html`<header class="top"><h1 class="vh">${home?.name ?? T.nav.library}</h1><${SearchBox} words=${words} setWords=${(/** @type {string} */ next) => change({ words: next })} setDraft=${setDraft} filters=${filters} untick=${untick}
      inside=${inside && { name: home?.path ?? T.collections.one, clear: () => change({ in: undefined }) }} openCollection=${(/** @type {string} */ id) => change({ in: id })} runSearch=${runSearch} />
    ${(isNarrowed ? mayAnywhere('share') : home?.rights.includes('share')) && html`<${Button} icon="share" kind="hide-s" act=${() => setShared(true)} label=${T.acts.share} />`}
    ${isNarrowed && html`<${Button} icon="save" act=${() => setSaving(true)} label=${T.search.save}><span class="hide-s">${T.search.save}</span><//>`}
    <a class="btn main" href=${href(['uploads'], { in: inside })} aria-label=${T.acts.upload}><${Icon} name="upload" /><span class="hide-s">${T.acts.upload}</span></a></header>
  <main class="libwrap"><div class="lib"><aside class="facets" aria-label=${T.facets.label}>${panel}</aside>
    <div class="found"><div>${guide.value !== 'over' && may('upload') && html`<${FirstSteps} found=${data} words=${words || draft} />`}<div class="line"><span role="status" class="num">${data ? html`<b>${counted(data.total, T.picture.one, T.picture.many)}</b>` : T.search.busy}</span>${product && html`<a class="link cut" href=${href(['sku', product])}>${T.search.product(product)}</a>`}<span class="grow"></span>
      <${Button} kind="only-m" icon="filter" act=${() => openSheet('filters')} label=${T.facets.label}>${filters.length || undefined}<//>
      <label class="flow"><span class="vh">${T.sort.label}</span><select class="btn bare" value=${order} onChange=${(/** @type {any} */ event) => change({ sort: event.target.value })}>${SORTS.map((one) => html`<option value=${one}>${T.sort[one]}</option>`)}</select></label>
      <label class="flow hide-s"><span class="vh">${T.size.label}</span><input type="range" min="0" max="2" step="1" value=${SIZES.indexOf(density.value)} aria-valuetext=${T.size[density.value]} onInput=${(/** @type {any} */ event) => { density.value = SIZES[event.target.value] }} /></label>
      <span class="bar hide-s"><${Button} icon="library" label=${T.view.grid} pressed=${!isList} act=${() => setView('grid')} /><${Button} icon="list" label=${T.view.list} pressed=${isList} act=${() => setView('list')} /></span></div></div>
    ${body({ data, chosen, choose, place, setPlace, open, carry, isBack, isList, isNarrowed, words, ticked, inside, again: () => { load() } })}</div></div>
    ${data && selectedCount(chosen, data.total) > 0 && html`<${SelectionBar} chosen=${chosen} choose=${choose} settle=${() => setChosen(nothing)} total=${data.total} q=${q} />`}</main>
  ${sheet === 'filters' && html`<${Dialog} title=${T.facets.label} cls="sheet-s" close=${closeSheet} safe=${data ? T.facets.show(data.total) : T.acts.close}>
    <div class="facets-in">${panel}</div><fieldset class="stack only-s"><legend>${T.view.label}</legend><span class="flow wrap">${SIZES.map((one) => html`<${Button} kind="small" pressed=${!isList && density.value === one} act=${() => { density.value = one; setView('grid') }}>${T.size[one]}<//>`)}<${Button} kind="small" pressed=${isList} act=${() => setView('list')}>${T.view.list}<//></span></fieldset><//>`}
  ${isShared && html`<${ShareLater} of=${(/** @type {any} */ shares) => (isNarrowed || !home ? shares.ofSearch(q) : shares.ofCollection(home))} close=${() => setShared(false)} />`}
  ${isSaving && html`<${NamingLater} title=${T.search.save} label=${T.searches.name} shared=${false} word=${T.acts.save} close=${() => setSaving(false)}
    save=${async (/** @type {string} */ name, /** @type {boolean} */ shared) => { await saveSearch({ name, q, sort: route.value.query.sort && order, shared }); say({ text: T.searches.saved(name) }) }} />`}`
}

/** The guide, fetched only by those who still follow it. @param {{found: Windows | null, words: string}} given */
function FirstSteps(given) {
  const [Guide, setGuide] = useState(/** @type {any} */ (null))
  useEffect(() => { import('../parts/guide.js').then((found) => setGuide(() => found.default), () => {}) }, [])
  return Guide && html`<${Guide} ...${given} />`
}

/** @param {any} given */
function body({ data, chosen, choose, place, setPlace, open, carry, isBack, isList, isNarrowed, words, ticked, inside, again }) {
  if (!data) return html`<div class="gridwrap" aria-busy="true"></div>`
  if (data.problem && !data.isReady) return html`<${Trouble} problem=${data.problem} again=${again} />`
  if (!data.total && data.asked.q === TRASH) return html`<${Empty} icon="trash" title=${T.library.emptyTrash}><p class="dim">${T.library.emptyTrashHint}</p><a class="btn" href=${href(['library'])}>${T.trouble.home}</a><//>`
  if (!data.total && isNarrowed) return html`<${Nothing} words=${words} ticked=${ticked} inside=${inside} />`
  if (!data.total) return html`<${Empty} icon="image" title=${inside ? T.library.emptyHere : T.library.empty}><p class="dim">${T.library.emptyHint}</p><a class="btn" href=${href(['uploads'], { in: inside })}><${Icon} name="upload" />${T.acts.upload}</a><//>`
  return html`<${Grid} data=${data} wanted=${ROW_PX[density.value]} gap=${GAP_PX[density.value]} line=${isList ? LINE_PX[density.value] : null} caption=${isList ? 0 : CAPTION_PX}
    chosen=${chosen} choose=${choose} place=${place} setPlace=${setPlace} open=${open} carry=${carry} isBack=${isBack} label=${T.library.grid} />`
}

/** No picture matches: which part to drop, and what that gives. @param {{words: string, ticked: import('../lib/query.js').Ticked, inside?: string}} given */
function Nothing({ words, ticked, inside }) {
  const [ways, setWays] = useState(/** @type {Array<{name: string, count: number, to: Record<string, string | undefined>}>} */ ([]))
  useEffect(() => {
    const control = new AbortController()
    const chips = pieces(words)
    const without = [
      ...chips.map((piece, at) => ({ name: parts(piece).value, words: chips.filter((_, other) => other !== at).join(' '), ticked, inside })),
      ...Object.keys(ticked).map((field) => ({ name: facetName(field), words, ticked: { ...ticked, [field]: [] }, inside })),
      ...(inside ? [{ name: byId.value.get(inside)?.name ?? T.collections.one, words, ticked, inside: undefined }] : []),
    ]
    Promise.all(without.map(async (one) => {
      const { total } = await call('GET', '/v1/search', { query: { q: asQuery(one), limit: 1 }, signal: control.signal })
      return { name: one.name, count: total, to: { words: one.words, f: writeTicked(one.ticked), in: one.inside } }
    })).then((found) => setWays(found.filter((one) => one.count).sort((a, b) => b.count - a.count)), () => {})
    return () => control.abort()
  }, [words, writeTicked(ticked), inside])
  return html`<${Empty} icon="search" title=${T.search.none}><p class="dim">${T.search.noneHint}</p>
    ${ways.slice(0, 3).map((one) => html`<${Button} key=${one.name} act=${() => change(one.to)}>${T.search.without(one.name, one.count)}<//>`)}
    <${Button} kind="bare" act=${() => change({ words: undefined, f: undefined })}>${T.search.dropAll}<//><//>`
}
