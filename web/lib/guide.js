// @ts-check
// The words of the first minutes.

export const W = {
  label: 'First steps', step: (/** @type {number} */ at) => `${at} of 3`, skip: 'Skip', choose: 'Choose a photo', open: 'Open any picture to see it large, with all that is known of it. Come back with Escape.', bring: 'Now bring a photo of your own: drop it anywhere here, or choose it.', coming: 'Your photo is on its way.',
  find: (/** @type {string} */ name) => `It is in. Find it: type “${name}” into the search above.`, done: 'There it is. That is all you need: drop, search, open. Press ? for the keys.',
}
