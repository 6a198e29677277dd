// @ts-check
// What all, some or none of the selected pictures have: a press gives it to all, another takes it from all, a third leaves it.
import { html, useState } from '../vendor/ui.js'
import { W } from '../lib/many.js'
import { T } from '../lib/text.js'

const SHOWN = 8

/** @typedef {{value: string, count: number}} There */

/**
 * @param {{legend: string, all: There[], of: number, add: string[], drop: string[], set: (add: string[], drop: string[]) => void, name?: (value: string) => string}} given
 * `of`: how many pictures there are; `add` and `drop`: what all of them get and lose
 */
export function Tri({ legend, all, of, add, drop, set, name = (value) => value }) {
  const [isWhole, setWhole] = useState(false)
  if (!all.length) return null
  const without = (/** @type {string[]} */ list, /** @type {string} */ value) => list.filter((one) => one !== value)
  const turn = (/** @type {There} */ { value, count }) => {
    const isAll = count >= of
    if (drop.includes(value)) set(add, without(drop, value))
    else if (add.includes(value) || isAll) set(without(add, value), [...drop, value])
    else set([...add, value], drop)
  }
  const shown = isWhole ? all : all.filter((one, at) => at < SHOWN || add.includes(one.value) || drop.includes(one.value))
  return html`<fieldset class="stack tri"><legend>${legend}</legend><div class="flow wrap apart">${shown.map((one) => {
    const gets = add.includes(one.value), loses = drop.includes(one.value), isSome = !gets && !loses && one.count < of
    return html`<label class="facet" key=${one.value}><input type="checkbox" checked=${gets || (!loses && one.count >= of)} indeterminate=${isSome} onChange=${() => turn(one)} /><span class="cut">${name(one.value)}</span>
      <span class=${gets || loses ? 'strong' : 'dim'}>${gets ? W.getsAll : loses ? W.losesAll : isSome ? W.someOf(one.count, of) : W.allHave}</span></label>`
  })}</div>${all.length > shown.length && html`<p><button type="button" class="link small" onClick=${() => setWhole(true)}>${T.facets.more(all.length - shown.length)}</button></p>`}</fieldset>`
}
