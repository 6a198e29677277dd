// @ts-check
// What a model and a measure saw in a picture: its words, the rules of saying them, and what is asked of the API.
import { byId } from './collections.js'
import { call } from './http.js'
import { expectChange } from './live.js'
import { counted, number } from './text.js'

/** @typedef {{name: string, confidence: number, level: string}} Tag */

const SURE = 0.8, NEAR = 70 / 256

export const W = {
  title: 'Seen in the picture', tags: 'Visual tags', by: 'A model’s guess, not a keyword. Only what you accept becomes one.', readOnly: 'A model’s guess, not a keyword.',
  accept: 'Accept', reject: 'Reject', acceptOne: (/** @type {string} */ name) => `Accept “${name}” as a keyword`, rejectOne: (/** @type {string} */ name) => `Reject “${name}” for this picture`, find: (/** @type {string} */ name) => `Find pictures that show ${name}`,
  accepted: (/** @type {string} */ name) => `“${name}” is a keyword now.`, rejected: (/** @type {string} */ name) => `“${name}” does not come back for this picture.`,
  none: 'Nothing was recognised for sure.', noPicture: 'There is no preview to look at.', off: (/** @type {string} */ places) => `Off in ${places}: nobody looks at its pictures.`, offAll: 'Off in this installation: nobody looks at new pictures.', kept: 'What was seen before is still here.',
  color: 'Colours', background: 'Ground', orientation: 'Orientation', aspect: 'Aspect', part: (/** @type {number} */ share) => `${number(Math.round(share * 100))} %`,
  similar: 'Similar pictures', noSimilar: 'No other picture looks like this one.', noSimilarHint: 'Crops, other colours and copies saved again would be here.', near: 'Nearly the same', alike: 'Alike', toSimilar: 'Similar pictures',
}

/** Words of the page for those who manage the library. */
export const M = {
  on: 'A model in this installation looks at every new picture.', isOn: 'On', isOff: 'Off', off: 'This installation looks at no new pictures. Whoever runs it switches that on by the setting PACKSHOT_VISUAL_TAGS; looking again works all the same.',
  service: 'Labels by Amazon Rekognition', serviceOff: 'Off: no picture is sent to anybody else.', unreached: 'This installation runs outside AWS and does not reach Rekognition. No picture is sent to anybody else.', serviceHint: 'New pictures are sent to Amazon, as small JPEGs, until the cap of the month is reached. Names of what it sees become visual tags; accepting and rejecting work as ever.', agree: 'Agree to it', change: 'Change the cap', end: 'End it', cap: 'At most in a month, in US cents', price: (/** @type {any} */ one) => `A picture costs ${one.price_cents} cents (list price of ${one.price_as_of}).`, used: (/** @type {any} */ one) => `${counted(one.pictures, 'picture')} sent in ${one.month}: ${one.used_cents} of ${number(one.monthly_cap_cents)} cents.`, full: 'The cap is reached: nothing is sent until next month.',
  where: 'Where nobody looks', add: 'Switch off for a collection', none: 'Pictures of every collection are looked at.', hint: 'A picture is left out when one of its collections is. Collections below one decide for themselves.', back: (/** @type {string} */ path) => `Switch on for “${path}”`, backAct: 'Switch on', offNow: (/** @type {string} */ path) => `Nobody looks at pictures in “${path}” any more.`, onNow: (/** @type {string} */ path) => `New pictures in “${path}” are looked at.`,
  all: 'All pictures', look: 'Look again', lookHint: 'Looks at every picture that the present model has not looked at: what was here before, and what was deleted below.', forget: 'Delete all tags', forgetHint: 'Takes away all that was ever seen. Accepted words stay keywords, and rejected ones stay rejected.', forgetAsk: 'Delete all visual tags?', forgetWarn: 'No undo brings them back; looking again makes them anew, which takes a while.',
  doing: /** @type {Record<string, string>} */ ({ 'auto_tags.look': 'Looking again', 'auto_tags.forget': 'Deleting' }), of: (/** @type {number} */ done, /** @type {number} */ total) => `${number(done)} of about ${counted(total, 'picture')}`, stop: 'Stop', leave: 'You may leave this page; it goes on.',
  over: /** @type {Record<string, (job: any) => string>} */ ({ 'auto_tags.look': ({ result }) => `${counted(result?.looked_at ?? 0, 'picture')} passed, ${number(result?.seen ?? 0)} of them looked at anew.`, 'auto_tags.forget': ({ result }) => `All that was seen in ${counted(result?.forgotten ?? 0, 'picture')} is deleted.` }), stopped: 'It was stopped. What it has done stays.', failed: 'It did not come to its end. What it has done stays; start it again to go on.',
}

/** How sure the model is, in words: its numbers are no percentages of being right. @param {Tag} tag */
export const sureness = ({ confidence }) => (confidence >= SURE ? 'sure' : 'fairly sure')

/** How near another picture is. @param {number} distance */
export const nearness = (distance) => (distance <= NEAR ? W.near : W.alike)

let isOn = /** @type {Promise<boolean> | null} */ (null)
/** Whether new pictures are looked at in this installation; asked once. */
export function looksAtAll() {
  isOn ??= call('GET', '/v1/workspace').then((found) => found.visual_tags, (problem) => { isOn = null; throw problem })
  return isOn
}

/** Names of the asset's collections that want no visual tags. @param {{collections: Array<{id: string, path: string}>}} asset */
export const offIn = (asset) => asset.collections.filter(({ id }) => /** @type {any} */ (byId.value.get(id)?.policy)?.auto_tags === false).map(({ path }) => path)

/**
 * Judge visual tags, after the edits that were made before; the asset on screen is then as the API says.
 * @param {import('./editing.js').Editing} editing @param {{accept?: string[], reject?: string[], allow?: string[]}} body
 */
export function judge(editing, body) {
  const told = editing.turn.then(async () => {
    editing.lay(await call('POST', `/v1/assets/${editing.id}/auto-tags`, { body }))
    expectChange()
  })
  editing.turn = told.catch(() => null)
  return told
}
