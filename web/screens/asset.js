// @ts-check
// One picture: the stage, its versions, what is known of it. Arrows walk through the result it was opened from.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/ui.js'
import { call } from '../lib/http.js'
import { Editing } from '../lib/editing.js'
import { changedIds, changedSince } from '../lib/live.js'
import { shortcuts } from '../lib/keys.js'
import { change, go, href, leave, route } from '../lib/router.js'
import { KEYS, T } from '../lib/text.js'
import { mayWith } from '../lib/collections.js'
import { dressed } from '../lib/look.js'
import { Badge, APPROVAL, Button, Empty, Lazy, Trouble } from '../parts/basics.js'
import { Details } from '../parts/details.js'
import { against, MODES, Modes, OUTCOME } from '../parts/modes.js'
import { ShareLater } from '../parts/later.js'
import { Standing } from '../parts/standing.js'
import { nameOf } from '../parts/tile.js'
import { sayFailed, say } from '../parts/toast.js'
import { Versions } from '../parts/versions.js'
import { Viewer } from '../parts/viewer.js'
import { current } from './library.js'

/** What holds decisions, from the first one on. @type {Promise<typeof import('../parts/deciding.js')> | null} */
let decisions = null

export default function Asset() {
  const id = route.value.path[1] ?? ''
  const { v, with: other, as = 'side', drawer } = route.value.query
  const number = Number(v) || undefined
  const editing = useMemo(() => new Editing(id), [id])
  const [versions, setVersions] = useState(/** @type {any[]} */ ([])), [isShared, setShared] = useState(false)
  const [talk, setTalk] = useState(/** @type {typeof import('../parts/talk.js') | null} */ (null))
  /** What was decided here and is not sent yet, by version. */
  const [made, setMade] = useState(/** @type {Map<number, string>} */ (new Map()))
  const [why, setWhy] = useState(/** @type {{decision: 'reject' | 'request_changes', version: any} | null} */ (null))
  const heading = useRef(/** @type {HTMLElement | null} */ (null))
  const result = current()
  const there = result?.data.at(result.place), isThere = there?.id === id
  /** Where it is in the result; -1 for one that was opened from elsewhere. */
  const place = !result ? -1 : isThere || !there ? result.place : result.data.placeOf(id)
  const slim = isThere ? there : result?.data.at(place)
  const load = () => Promise.all([editing.load(), call('GET', `/v1/assets/${id}/versions`).then((found) => setVersions(found.items), () => setVersions([]))])
  useEffect(() => { load() }, [editing])
  useEffect(() => { setMade(new Map()); setWhy(null); return () => { decisions?.then((found) => found.sendAll()) } }, [id])
  useEffect(() => { if (changedIds.value.has(id) && editing.state.value !== 'saving') load() }, [changedSince.value])
  const back = () => leave(href(['library'], { ...route.value.query, v: undefined, with: undefined, as: undefined, drawer: undefined, comment: undefined }))
  const step = (/** @type {number} */ way) => {
    if (!result) return
    const next = place + way
    if (place < 0 || next < 0 || next >= result.data.total) return
    result.data.need(Math.max(0, next - 1), Math.min(result.data.total - 1, next + 1))
    const item = result.data.at(next)
    if (!item) return
    result.place = next
    go(href(['asset', item.id], { ...route.value.query, v: undefined, with: undefined, as: undefined, comment: undefined }), { replace: true })
  }
  const asset = editing.asset.value ?? slim
  const shown = versions.find((one) => one.number === number) ?? versions.find((one) => one.number === asset?.shown_version) ?? null
  const left = (other && shown && versions.find((one) => one.number === Number(other) && one !== shown)) || null
  const mode = MODES.includes(as) ? as : 'side'
  const approves = asset?.state === 'live' && shown && mayWith(asset, 'approve') && (made.get(shown.number) ?? shown.approval) !== 'approved'
  const uncompare = () => leave(href(['asset', id], { ...route.value.query, with: undefined, as: undefined }))
  /** @param {import('../lib/reviews.js').Decision} decision @param {any} version @param {string} [text] */
  const decide = (decision, version, text) => {
    if (decision !== 'approve' && text === undefined) { setWhy({ decision, version }); return }
    setWhy(null)
    const forget = () => setMade((now) => new Map([...now].filter(([at]) => at !== version.number)))
    setMade((now) => new Map(now).set(version.number, OUTCOME[decision]))
    decisions ??= import('../parts/deciding.js')
    decisions.then(({ hold, onVersion }) => hold({ key: `${id}/${version.number}`, text: T.review.decided[decision](`${nameOf(asset)} v${version.number}`), ...onVersion(id, version.number, decision, text ?? ''), done: () => { load().then(forget) }, back: forget }), (problem) => { decisions = null; forget(); sayFailed(problem) })
  }
  useLayoutEffect(() => shortcuts([
    { keys: 'ArrowRight', does: T.asset.next, where: KEYS.places.picture, act: () => step(1) },
    { keys: 'ArrowLeft', does: T.asset.previous, where: KEYS.places.picture, act: () => step(-1) },
    { keys: 'Escape', does: left ? T.compare.close : T.asset.back, where: KEYS.places.picture, act: left ? uncompare : back },
    ...(approves ? [{ keys: 'a', does: T.review.approve, where: KEYS.places.picture, act: () => decide('approve', shown) }] : []),
    { keys: 't', does: T.asset.tag, where: KEYS.places.picture, act: () => document.getElementById('f-keywords')?.focus() },
    { keys: '[', does: T.asset.older, where: KEYS.places.picture, act: () => walk(1) },
    { keys: ']', does: T.asset.newer, where: KEYS.places.picture, act: () => walk(-1) },
  ]), [id, place, versions, shown, left, approves, made])
  useEffect(() => { heading.current?.focus() }, [!asset])
  const mayTalk = editing.asset.value?.rights.includes('comment')
  useEffect(() => { if (mayTalk) dressed('talk', import('../parts/talk.js')).then(setTalk, sayFailed) }, [mayTalk])
  const mayWrite = mayTalk && asset?.state === 'live' && shown?.number === asset.newest_version
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
  const state = APPROVAL[made.get(shown?.number) ?? shown?.approval ?? asset.approval ?? 'none'] ?? APPROVAL.none
  const known = editing.asset.value
  const side = !known ? html`<div class="sec" aria-busy="true"></div>`
    : drawer === 'versions' ? html`<${Lazy} bare load=${() => dressed('history', import('../parts/history.js'))} asset=${asset} versions=${versions} shown=${shown} reload=${load} decide=${decide} made=${made} close=${() => change({ drawer: undefined }, { replace: true })} />`
      : html`<div class="sec"><${Standing} asset=${asset} shown=${shown} />
          <span class="flow wrap"><${Badge} kind=${state.cls} glyph=${state.glyph}>${state.word}<//>${asset.state !== 'live' && html`<${Badge} kind="is-none" glyph="trash">${T.asset.states[asset.state]}<//>`}</span>
          ${shown && mayTalk && html`<${Lazy} bare load=${() => import('../parts/asked.js')} asset=${known} version=${shown} name=${nameOf(asset)} reload=${load} />`}</div>
        <${Details} editing=${editing}><${Lazy} bare load=${() => dressed('sight', import('../parts/sight.js'))} editing=${editing} /><//>
        ${talk && mayTalk && shown && html`<${talk.Comments} asset=${known} version=${shown.number} mayWrite=${mayWrite} />`}`
  return html`<div class="view"><header class="top"><${Button} kind="bare" icon="left" label=${T.asset.back} act=${back} /><h1 class="cut" tabindex="-1" ref=${heading}>${nameOf(asset)}</h1>
      ${result && place >= 0 && html`<span class="small dimmer num hide-s">${T.asset.place(place + 1, result.data.total)}</span>`}<span class="grow"></span>
      ${left ? html`<${Modes} mode=${mode} modes=${MODES.slice(1)} /><${Button} icon="x" label=${T.compare.close} act=${uncompare} />`
        : versions.length > 1 && shown && html`<${Button} icon="compare" label=${T.compare.label} act=${() => change({ with: String(against({ asset, versions }, shown)), as: 'side' }, { over: true })}><span class="hide-s">${T.compare.label}</span><//>`}
      ${asset.state === 'trashed' ? html`<${Button} icon="undo" kind=${left ? 'hide-s' : ''} act=${() => trashOrBack(editing, false)}>${T.acts.restore}<//>` : html`<${Button} icon="trash" kind=${left ? 'hide-s' : ''} label=${T.acts.trash} act=${() => trashOrBack(editing, true, back)}><span class="hide-s">${T.acts.trash}</span><//>`}
      ${asset.rights?.includes('share') && asset.state === 'live' && html`<${Button} icon="share" kind=${left ? 'hide-s' : ''} label=${T.acts.share} act=${() => setShared(true)}><span class="hide-s">${T.acts.share}</span><//>`}
      <a class=${`btn ${approves ? '' : 'main'} ${left ? 'hide-s' : ''}`} aria-label=${T.acts.download} href=${`/v1/assets/${id}/download?version=${shown?.number ?? ''}`.replace(/\?version=$/, '')} download><svg viewBox="0 0 16 16" aria-hidden="true"><use href="icons.svg#download" /></svg><span class="hide-s">${T.acts.download}</span></a>
      ${approves && html`<${Button} kind="main" icon="s-ok" label=${T.asset.approve(shown.number)} act=${() => decide('approve', shown)} keys="A"><span class="hide-s">${T.asset.approve(shown.number)}</span><//>`}</header>
    ${left ? html`<main class=${`look two is-${mode}`}><${Lazy} bare load=${() => dressed('compare', import('../parts/compare.js'))} asset=${asset} versions=${versions} left=${left} right=${shown} mode=${mode} state=${made.get(shown.number)} /></main>` : html`<main class="look"><${Viewer} src=${large?.url ?? asset.thumb_url} width=${width} height=${height} alt=${asset.alt ?? asset.title ?? asset.name ?? ''} label=${nameOf(asset)} marks=${talk && mayTalk && shown && html`<${talk.Pins} mayWrite=${mayWrite} />`} />
      ${!large && !asset.thumb_url && editing.asset.value && html`<${Empty} icon="image" title=${T.asset.noPicture}><p class="dim">${editing.asset.value.no_picture_because ?? T.asset.noPictureHint}</p><//>`}
      ${result && place >= 0 && html`<span class="nextprev l"><${Button} icon="left" label=${T.asset.previous} act=${() => step(-1)} why=${place <= 0 ? T.asset.first : undefined} /></span><span class="nextprev r"><${Button} icon="right" label=${T.asset.next} act=${() => step(1)} why=${place + 1 >= result.data.total ? T.asset.last : undefined} /></span>`}</main>`}
    <${Versions} asset=${asset} versions=${versions} shown=${shown} reload=${load} made=${made} />
    <aside class="drawer" aria-label=${T.asset.details}>${side}</aside>
    ${isShared && html`<${ShareLater} of=${(/** @type {any} */ shares) => shares.ofPicture(id, nameOf(asset))} close=${() => setShared(false)} />`}
    ${why && html`<${Lazy} bare load=${() => import('../parts/why.js')} decision=${why.decision} name=${`${nameOf(asset)} v${why.version.number}`} close=${() => setWhy(null)} decide=${(/** @type {string} */ text) => decide(why.decision, why.version, text)} />`}</div>`
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
