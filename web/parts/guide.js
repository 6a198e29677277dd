// @ts-check
// The first minutes in three steps: open a picture, bring a photo of one's own, find it. It ends with that photo found.
import { html, useEffect, useRef } from '../vendor/ui.js'
import { W } from '../lib/guide.js'
import { guide } from '../lib/look.js'
import { T } from '../lib/text.js'
import { overall, picked, queue } from '../lib/uploads.js'
import { Button, Icon } from './basics.js'

/** @param {{found: import('../lib/windows.js').Windows | null, words: string}} given `found`: the result on screen */
export default function Guide({ found, words }) {
  const files = useRef(/** @type {HTMLInputElement | null} */ (null))
  const [step, id, name] = guide.value.split(' ')
  const mine = overall.value.entries.find((one) => one.state === 'done' || one.state === 'same')
  const isComing = overall.value.isBusy
  useEffect(() => {
    if (mine && (step === '1' || step === '2')) guide.value = `3 ${mine.result.assetId} ${encodeURIComponent(stem(mine.path))}`
  }, [mine, step])
  useEffect(() => { if (step === '1' && found?.isReady && !words && found.total === 0) guide.value = '2' }, [found, step])
  const isThere = Boolean(words) && found !== null && found.placeOf(id) >= 0
  useEffect(() => { if (step === '3' && isThere) guide.value = '4' }, [step, isThere])
  const at = Number(step)
  const text = at === 3 ? W.find(decodeURIComponent(name)) : at === 2 ? (isComing ? W.coming : W.bring) : at === 1 ? W.open : W.done
  return html`<section class="bann is-acc" aria-label=${W.label}><${Icon} name=${at > 3 ? 'check' : 'help'} /><p class="grow" role="status"><b class="strong num">${at > 3 ? '' : `${W.step(at)} `}</b>${text}</p>
    <input class="vh" type="file" ref=${files} tabindex="-1" aria-hidden="true" id="guide-file" onChange=${(/** @type {any} */ event) => queue.add(picked(event.target.files), { isNew: true })} />
    ${at === 2 && !isComing && html`<${Button} kind="small" icon="upload" act=${() => files.current?.click()}>${W.choose}<//>`}
    <${Button} kind="bare small" act=${() => { guide.value = 'over' }}>${at > 3 ? T.acts.close : W.skip}<//></section>`
}

/** A word that search finds the file by. @param {string} path */
const stem = (path) => (path.split('/').at(-1) ?? path).replace(/\.[^.]+$/, '')
