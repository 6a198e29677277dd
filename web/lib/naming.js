// @ts-check
// The words of naming rules.
import { counted } from './text.js'

export const MOST_RULES = 30

export const W = {
  room: 'Names of files', lead: 'The first rule that fits the whole name, without its ending, says its SKU, position and shot type. What people entered always wins.', how: 'Stands for', parts: /** @type {Array<[string, string]>} */ ([['{sku}', 'any text; several joined by + or ;'], ['{position}', '1 to 999'], ['{shot}', 'front, back, detail …'], ['{any}', 'any text'], ['[ … ]', 'may be missing']]),
  rule: (/** @type {number} */ at) => `Rule ${at}`, digit: 'SKU has a digit', digitHint: 'so that IMG_12 says nothing', up: 'Earlier', down: 'Later', remove: 'Remove', add: 'Add a rule', none: 'No rule: names say nothing',
  try: 'Try names', tryLead: 'One name a line. Nothing is changed by trying.', names: 'Names of files', say: 'What they say', name: 'Name', sku: 'SKU', position: 'Position', shot: 'Shot', by: 'By', nothing: 'says nothing', fits: (/** @type {number} */ count, /** @type {number} */ all) => `${count} of ${counted(all, 'name')} say a SKU`,
  save: 'Save', saved: (/** @type {number} */ count) => `Saved. ${counted(count, 'picture')} changed.`, saving: 'Reading names', ask: 'Save these rules?', askHint: 'The names of all pictures whose SKU nobody set are read anew by them.', undo: 'Leave as it was', same: 'Nothing is changed', wrong: 'A rule cannot be read',
}
