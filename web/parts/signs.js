// @ts-check
// Signs of what is seen in pictures: each stands before its word, so that nothing is said by colour alone.
import { html } from '../vendor/ui.js'
import { Icon } from './basics.js'

/** Colours by the names that the API gives them, as a word's sign; a picture's own are exact. @type {Record<string, string>} */
const HEX = { black: '#1a1a1a', white: '#fff', grey: '#8a8a8a', red: '#c5302b', orange: '#e27f2d', yellow: '#e9c63c', green: '#3f8a4c', blue: '#2f6fb5', purple: '#764b9f', pink: '#e79ab2', brown: '#7a5236', beige: '#dcc9a8' }
/** @type {Record<string, string>} */
const GROUND = { white: '#fff', plain: '#8a8a8a', transparent: 'repeating-conic-gradient(#999 0 25%, #fff 0 50%) 0 0/8px 8px' }
/** @type {Record<string, [number, number]>} */
const FRAME = { square: [1, 1], portrait: [3, 4], landscape: [4, 3], wide: [4, 1], tall: [1, 4] }

/** A sign of a colour; its name stands beside it. @param {{hex: string, isRound?: boolean}} given */
export const Swatch = ({ hex, isRound = true }) => html`<i class="g" style=${`flex:none;display:block;border-radius:${isRound ? '50%' : 'var(--r-pic)'};background:${hex};box-shadow:inset 0 0 0 1px var(--edge)`}></i>`

/** What stands before a value's word: a colour, a ground, the frame's shape. @param {{field: string, value: string}} given */
export function Sign({ field, value }) {
  if (field === 'color') return HEX[value] && html`<${Swatch} hex=${HEX[value]} />`
  if (field === 'background') return GROUND[value] ? html`<${Swatch} hex=${GROUND[value]} isRound=${false} />` : html`<${Icon} name="image" cls="g" />`
  if (field !== 'orientation' && field !== 'aspect') return null
  const [width, height] = FRAME[value] ?? value.split(':').map(Number), side = 14 / Math.max(width, height)
  return html`<span class="g flow" style="flex:none;justify-content:center"><i style=${`width:${width * side}px;height:${height * side}px;border:1.5px solid var(--ink-3);border-radius:2px`}></i></span>`
}
