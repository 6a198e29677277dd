// @ts-check
// Two versions of a picture against each other: side by side with one zoom for both, as a wipe, or one for the other.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/ui.js'
import { shortcuts } from '../lib/keys.js'
import { largeOf } from '../lib/looking.js'
import { change } from '../lib/router.js'
import { KEYS, T } from '../lib/text.js'
import { Button, Icon } from './basics.js'
import { VersionHead } from './versions.js'
import { Viewer } from './viewer.js'

/** @param {{asset: any, versions: any[], left: any, right: any, mode: string, state?: string}} given `state`: what was just decided of the right one */
export default function Compare({ asset, versions, left, right, mode, state }) {
  const [view, setView] = useState({ zoom: 1, x: 0, y: 0 })
  const [part, setPart] = useState(0.5)
  const isFlick = mode === 'flick', isOther = part > 0.5
  useEffect(() => { setPart(isFlick ? 0 : 0.5) }, [mode, left, right])
  const flick = useRef(() => {})
  flick.current = () => setPart((now) => 1 - now)
  useLayoutEffect(() => (isFlick ? shortcuts([{ keys: 'f', does: T.compare.flick, where: KEYS.places.compare, act: () => flick.current() }]) : undefined), [isFlick])
  const choose = html`<select aria-label=${T.compare.against} class="btn" value=${left.number} onChange=${(/** @type {any} */ event) => change({ with: event.target.value }, { replace: true })}>${versions.filter((one) => one !== right).map((one) => html`<option value=${one.number}>v${one.number}</option>`)}</select>`
  const picture = (/** @type {any} */ one, /** @type {any} */ wipe) => html`<${Viewer} src=${largeOf(one)} width=${one.width_px ?? 1000} height=${one.height_px ?? 1000} alt=${T.compare.version(one.number)} label=${T.compare.version(one.number)} view=${view} setView=${setView} wipe=${wipe} />`
  if (mode === 'side') return html`<section class="half" aria-label=${T.compare.version(left.number)}><div class="flow mid"><${VersionHead} one=${left} asset=${asset} /><span class="grow"></span>${choose}</div>${picture(left, undefined)}</section>
    <section class="half" aria-label=${T.compare.version(right.number)}><div class="flow mid"><${VersionHead} one=${right} asset=${asset} state=${state} /><span class="grow"></span><span class="flow dim hide-s"><${Icon} name="lock" /><span class="cut">${T.compare.together}</span></span></div>${picture(right, undefined)}</section>`
  const slide = (/** @type {KeyboardEvent} */ event) => { if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopPropagation() }
  return html`<section class="half" aria-label=${T.compare.label}><div class="flow mid">${isFlick && !isOther ? '' : html`<${VersionHead} one=${left} asset=${asset} />`}${!isFlick && choose}<span class="grow"></span>${isFlick && choose}${isFlick && isOther ? '' : html`<${VersionHead} one=${right} asset=${asset} state=${state} />`}</div>
    <div class="wiped">${isFlick ? html`<${Button} act=${() => flick.current()} keys="F" icon="flick">${T.compare.flick}<//>`
      : html`<input type="range" min="0" max="100" value=${Math.round(part * 100)} aria-label=${T.compare.wiper} aria-valuetext=${T.compare.parts(left.number, right.number, Math.round(part * 100))} onInput=${(/** @type {any} */ event) => setPart(event.target.value / 100)} onKeyDown=${slide} />`}</div>
    ${picture(left, { src: largeOf(right), alt: T.compare.version(right.number), part })}</section>`
}
