// @ts-check
// What is being dragged through the library: pictures of a result, on their way to a collection.
import { signal } from '../vendor/ui.js'

/** What is being dragged: pictures of this result. */
export const carried = signal(/** @type {{chosen: import('./selection.js').Selection, q: string, total: number} | null} */ (null))
/** The kind of a drag that carries pictures of the library. */
export const CARRIED = 'application/x-packshot-pictures'
