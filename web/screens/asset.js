// @ts-check
// One picture: the stage, its versions, what is known of it. Arrows walk through the result it was opened from.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { Editing } from '../lib/editing.js'
import { changedIds, changedSince } from '../lib/live.js'
import { shortcuts } from '../lib/keys.js'
import { change, go, href, leave, route } from '../lib/router.js'
import { KEYS, T } from '../lib/text.js'
import { Badge, APPROVAL, Button, Empty, Trouble } from '../parts/basics.js'
import { Details } from '../parts/details.js'
import { nameOf } from '../parts/tile.js'
import { sayFailed, say } from '../parts/toast.js'
import { Versions } from '../parts/versions.js'
import { Viewer } from '../parts/viewer.js'
import { current } from './library.js'

export default function Asset() {
  const id = route.value.path[1] ?? ''
  const number = Number(route.value.query.v) || undefined
  const editing = useMemo(() => new Editing(id), [id])
  const [versions, setVersions] = useState(/** @type {any[]} */ ([]))
  const heading = useRef(/** @type {HTMLElement | null} */ (null))
  const result = current()
  const place = result?.place ?? -1
  const slim = result?.data.at(place)?.id === id ? result.data.at(place) : undefined
  const load = () => {
    editing.load()
    call('GET', `/v1/assets/${id}/versions`).then((found) => setVersions(found.items), () => setVersions([]))
  }
  useEffect(load, [editing])
  useEffect(() => { if (changedIds.value.has(id) && editing.state.value !== 'saving') load() }, [changedSince.value])
  const back = () => leave(href(['library'], { ...route.value.query, v: undefined }))
  const step = (/** @type {number} */ way) => {
    if (!result) return
    const next = result.place + way
    if (next < 0 || next >= result.data.total) return
    result.data.need(Math.max(0, next - 1), Math.min(result.data.total - 1, next + 1))
    const item = result.data.at(next)
    if (!item) return
    result.place = next
    go(href(['asset', item.id], { ...route.value.query, v: undefined }), { replace: true })
  }
  useLayoutEffect(() => shortcuts([
    { keys: 'ArrowRight', does: T.asset.next, where: KEYS.places.picture, act: () => step(1) },
    { keys: 'ArrowLeft', does: T.asset.previous, where: KEYS.places.picture, act: () => step(-1) },
    { keys: 'Escape', does: T.asset.back, where: KEYS.places.picture, act: back },
    { keys: 't', does: T.asset.tag, where: KEYS.places.picture, act: () => document.getElementById('f-keywords')?.focus() },
    { keys: '[', does: T.asset.older, where: KEYS.places.picture, act: () => walk(1) },
    { keys: ']', does: T.asset.newer, where: KEYS.places.picture, act: () => walk(-1) },
  ]), [id, place, versions])
  useEffect(() => { heading.current?.focus() }, [])
  const asset = editing.asset.value ?? slim
  const shown = versions.find((one) => one.number === number) ?? versions.find((one) => one.number === asset?.shown_version) ?? null
  const walk = (/** @type {number} */ way) => {
    const at = versions.indexOf(shown)
    const next = versions[at + way]
    if (next) change({ v: String(next.number) }, { replace: true })
  }
  useEffect(() => { if (asset) document.title = `${nameOf(asset)} · ${T.app}` }, [asset])
  useEffect(() => { for (const way of [1, -1]) { const near = result?.data.at(place + way); if (near?.thumb_url) new Image().src = near.thumb_url } }, [id])
  const trouble = editing.problem.value
  if (trouble && !asset) {
    return html`<main class="room whole">${/** @type {any} */ (trouble).status === 404 ? html`<${Empty} level="h1" icon="help" title=${T.trouble.lost}><p class="dim">${T.trouble.lostHint}</p><${Button} act=${back}>${T.trouble.home}<//><//>` : html`<${Trouble} level="h1" problem=${trouble} again=${load} />`}</main>`
  }
  if (!asset) return html`<main class="room whole" aria-busy="true"></main>`
  const renditions = shown?.renditions ?? asset.renditions ?? []
  const large = renditions.find((/** @type {any} */ one) => one.name === 'large') ?? renditions[0]
  const width = shown?.width_px ?? asset.width_px ?? 1000, height = shown?.height_px ?? asset.height_px ?? 1000
  const state = APPROVAL[shown?.approval ?? asset.approval ?? 'none'] ?? APPROVAL.none
  return html`<div class="view"><header class="top"><${Button} kind="bare" icon="left" label=${T.asset.back} act=${back} /><h1 class="cut" tabindex="-1" ref=${heading}>${nameOf(asset)}</h1>
      ${result && place >= 0 && html`<span class="small dimmer num hide-s">${T.asset.place(place + 1, result.data.total)}</span>`}<span class="grow"></span>
      ${asset.state === 'trashed' ? html`<${Button} icon="undo" act=${() => trashOrBack(editing, false)}>${T.acts.restore}<//>` : html`<${Button} icon="trash" label=${T.acts.trash} act=${() => trashOrBack(editing, true, back)}><span class="hide-s">${T.acts.trash}</span><//>`}
      <a class="btn main" aria-label=${T.acts.download} href=${`/v1/assets/${id}/download?version=${shown?.number ?? ''}`.replace(/\?version=$/, '')} download><svg viewBox="0 0 16 16" aria-hidden="true"><use href="icons.svg#download" /></svg><span class="hide-s">${T.acts.download}</span></a></header>
    <main class="look"><${Viewer} src=${large?.url ?? asset.thumb_url} width=${width} height=${height} alt=${asset.alt ?? asset.title ?? asset.name ?? ''} label=${nameOf(asset)} />
      ${!large && !asset.thumb_url && editing.asset.value && html`<${Empty} icon="image" title=${T.asset.noPicture}><p class="dim">${editing.asset.value.no_picture_because ?? T.asset.noPictureHint}</p><//>`}
      ${result && html`<span class="nextprev l"><${Button} icon="left" label=${T.asset.previous} act=${() => step(-1)} why=${place <= 0 ? T.asset.first : undefined} /></span><span class="nextprev r"><${Button} icon="right" label=${T.asset.next} act=${() => step(1)} why=${place + 1 >= result.data.total ? T.asset.last : undefined} /></span>`}</main>
    <${Versions} asset=${asset} versions=${versions} shown=${shown} reload=${load} />
    <aside class="drawer" aria-label=${T.asset.details}>${editing.asset.value ? html`<div class="sec"><span class="flow wrap"><${Badge} kind=${state.cls} glyph=${state.glyph}>${state.word}<//>${asset.state !== 'live' && html`<${Badge} kind="is-none" glyph="trash">${T.asset.states[asset.state]}<//>`}</span></div><${Details} editing=${editing} />` : html`<div class="sec" aria-busy="true"></div>`}</aside></div>`
}

/** @param {Editing} editing @param {boolean} away @param {() => void} [after] */
async function trashOrBack(editing, away, after) {
  try {
    await call(away ? 'DELETE' : 'POST', `/v1/assets/${editing.id}${away ? '' : '/restore'}`)
    if (away) say({ text: T.asset.trashed, undo: () => { trashOrBack(editing, false) } })
    if (after) after()
    else await editing.load()
  } catch (problem) { sayFailed(problem) }
}
