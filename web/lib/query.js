// @ts-check
// What is searched for, as the address keeps it: chips, ticked facet values and a collection; and the API's `q` of them.

/** @typedef {Record<string, string[]>} Ticked facet values by field */

/** Split a text into the pieces that become chips: quoted phrases stay whole, `field:"two words"` too. @param {string} text */
export function pieces(text) {
  return text.match(/-?(?:[A-Za-z][\w.]*:)?"[^"]*"|-?\([^()]*\)|\S+/g) ?? []
}

/** A chip's key and value; the key is empty for plain words. @param {string} piece */
export function parts(piece) {
  const found = piece.match(/^(-?)(?:([A-Za-z][\w.]*):)?(.*)$/s)
  const [, minus = '', key = '', value = piece] = found ?? []
  return { isNot: minus === '-', key, value: value.replace(/^"(.*)"$/s, '$1') }
}

/** A value as the grammar takes it. @param {string} value */
export const quoted = (value) => (/^[\p{L}\p{N}_./-]+$/u.test(value) && !value.startsWith('-') ? value : `"${value.replace(/["\\]/g, '\\$&')}"`)

/** `approval:approved|pending;keyword:studio` and back. @param {string | undefined} text @returns {Ticked} */
export function readTicked(text) {
  /** @type {Ticked} */
  const found = {}
  for (const group of (text ?? '').split(';').filter(Boolean)) {
    const [field, values = ''] = group.split(/:(.*)/s)
    found[field] = values.split('|').filter(Boolean).map(decodeURIComponent)
  }
  return found
}

/** @param {Ticked} ticked */
export const writeTicked = (ticked) => Object.entries(ticked).filter(([, values]) => values.length)
  .map(([field, values]) => `${field}:${values.map(encodeURIComponent).join('|')}`).join(';')

/** What is searched for to see what is in the trash. */
export const TRASH = 'state:trashed'

/** So many items make one window of a result. */
export const WINDOW = 100
/** With what the first window of a result is asked for. @param {{q: string, sort: string}} asked */
export const firstWindow = ({ q, sort }) => ({ q, sort, limit: WINDOW })

/**
 * What the library's address asks of the API, with what is being written in the search field.
 * @param {Record<string, string | undefined>} address @param {string} [draft]
 */
export function askedAt({ words = '', f, in: inside, sort }, draft = '') {
  const text = [words, draft].filter(Boolean).join(' ')
  return { q: asQuery({ words: text, ticked: readTicked(f), inside }), sort: sort ?? (text ? 'relevance' : '-uploaded') }
}

/** Facets of the library, in the order of the panel. */
export const FACETS = ['approval', 'shot_type', 'color', 'background', 'keyword', 'auto_tag', 'orientation', 'aspect', 'format', 'type', 'year']

/**
 * The API's query: words, then one bracket a field whose values are OR-ed, then the collection with what is below it.
 * @param {{words: string, ticked: Ticked, inside?: string}} asked
 */
export function asQuery({ words, ticked, inside }) {
  const groups = Object.entries(ticked).filter(([, values]) => values.length).map(([field, values]) => {
    const terms = values.map((value) => `${field === 'year' ? `taken:${value}` : `${field}:${quoted(value)}`}`)
    return terms.length === 1 ? terms[0] : `(${terms.join(' OR ')})`
  })
  return [words.trim(), ...groups, inside ? `collection:${inside}` : ''].filter(Boolean).join(' ')
}

/**
 * What `asQuery` was made from, so that a saved search opens as it was: brackets of one facet become ticks again, the
 * collection becomes the place, the rest stays words.
 * @param {string} q
 */
export function fromQuery(q) {
  /** @type {{words: string[], ticked: Ticked, inside?: string}} */
  const found = { words: [], ticked: {} }
  for (const piece of pieces(q)) {
    const terms = piece.replace(/^\((.*)\)$/s, '$1').split(' OR ').map((term) => parts(term.replace(/^taken:(\d{4})$/, 'year:$1')))
    const [{ key, isNot }] = terms
    if (key === 'collection' && !isNot && terms.length === 1) found.inside = terms[0].value
    else if (FACETS.includes(key) && terms.every((term) => term.key === key && !term.isNot) && !found.ticked[key]) found.ticked[key] = terms.map((term) => term.value)
    else found.words.push(piece)
  }
  return { words: found.words.join(' '), ticked: found.ticked, inside: found.inside }
}
