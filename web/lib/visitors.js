// @ts-check
// The words of what a visitor of a link may say and decide.
import { number } from './text.js'

export const W = {
  title: 'Comments', none: 'Nothing said yet', hint: 'Press on the picture to point at something.', write: 'Write a comment', send: 'Send', sending: 'Sending', point: 'Point at a place', drop: 'Leave the pin out', draft: 'Your pin. Arrows move it, Enter goes on to the words.', pin: (/** @type {number} */ at, /** @type {string} */ body) => `Comment ${number(at)}: ${body}`, answer: 'Answer', answering: (/** @type {string} */ who) => `Answer to ${who}`, somebody: 'Somebody', gone: 'This was deleted.', sent: 'Sent.', back: 'Take it back', taken: 'Taken back.', resolved: 'Done', first: 'Write a word first', older: 'carried over from an older version',
  decide: 'Your decision', decided: /** @type {Record<string, string>} */ ({ approve: 'You approved it. Thank you.', reject: 'You rejected it. Whoever sent the link is told.', request_changes: 'You asked for changes. Whoever sent the link is told.' }), change: 'You can still decide otherwise.', asks: (/** @type {number} */ version) => `Version ${version} waits for a decision.`, version: (/** @type {number} */ version) => `Version ${version}`, versions: 'Versions',
  files: 'Send files', filesHint: 'They go to whoever sent you the link. You cannot take them back here.', fileSent: 'Sent',
  who: 'Who are you?', whoHint: 'Your name stands beside what you say and decide here.', name: 'Your name', password: 'Password of the link', go: 'Go on', asName: (/** @type {string} */ name) => `You are here as ${name}.`,
  ask: 'Ask whoever sent you the link for a new one.', early: (/** @type {string} */ day) => `It opens on ${day}.`,
}
