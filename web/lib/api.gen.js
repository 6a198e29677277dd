// @ts-check
// The API, as its document says. Written by `make docs` from docs/openapi.json; `make check` compares.
import { call } from './http.js'

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {string} [etag] What the change is based on: sent as `If-Match`.
 * @property {string} [key] Repeats with this key are done once: sent as `Idempotency-Key`.
 */

/**
 * A place on a version: `x y w h` in 0..1 of its width and height, seconds, a page.
 *
 * @typedef {object} Anchor
 * @property {'point' | 'box' | 'time' | 'page'} kind
 * @property {number} [x]
 * @property {number} [y]
 * @property {number} [w]
 * @property {number} [h]
 * @property {number} [time_s]
 * @property {number} [page]
 */

/**
 * A place on the version; a time or a page may have a point or a box too.
 *
 * @typedef {object} AnchorIn
 * @property {'point' | 'box' | 'time' | 'page'} kind
 * @property {number | null} [x]
 * @property {number | null} [y]
 * @property {number | null} [w]
 * @property {number | null} [h]
 * @property {number | null} [time_s]
 * @property {number | null} [page]
 */

/**
 * A request for approval.
 *
 * @typedef {object} Approval
 * @property {string} id
 * @property {string | null} by The member who asks; null where Packshot does, for a version that came.
 * @property {string} at
 * @property {ApprovalItem[]} items Those of assets that the caller sees.
 * @property {string[]} approver_ids Empty: everybody who may approve.
 * @property {'any' | 'all' | AtLeast-Output} rule
 * @property {string | null} due_at
 * @property {string | null} note
 * @property {'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'} state Open while an item is; then the gravest of theirs.
 */

/**
 * Who is asked about what.
 *
 * @typedef {object} ApprovalIn
 * @property {ItemIn[]} items
 * @property {string[]} approver_ids
 * @property {'any' | 'all' | AtLeast-Input} [rule]
 * @property {string | null} [due_at]
 * @property {string | null} [note]
 */

/**
 * One version that is asked about.
 *
 * @typedef {object} ApprovalItem
 * @property {string} asset_id
 * @property {number} version
 * @property {'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'} state `replaced`: a newer version came; it is asked about in another request.
 * @property {Decision[]} decisions
 */

/**
 * Requests, newest first.
 *
 * @typedef {object} Approvals
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Approval[]} items
 */

/**
 * What to say with it.
 *
 * @typedef {object} ApproveIn
 * @property {string | null} [note]
 */

/**
 * Where an asset goes when it is approved; null where the caller may not see it.
 *
 * @typedef {object} ApprovedTo
 * @property {string} collection_id
 * @property {boolean} move
 */

/**
 * Where an asset goes when it is approved; with `move` it leaves this collection.
 *
 * @typedef {object} ApprovedToIn
 * @property {string} collection_id
 * @property {boolean} [move]
 */

/**
 * A file on its way into the library.
 *
 * @typedef {object} Arrival
 * @property {string} id
 * @property {string} file_name
 * @property {string} source
 * @property {'pending' | 'processing' | 'done' | 'quarantined'} state
 * @property {string | null} reason Why it was set aside, in words.
 * @property {string | null} asset_id
 * @property {number | null} version
 * @property {string | null} token Of the write: a search with `fresh_for=<token>` says whether it holds it.
 * @property {string} arrived_at
 */

/**
 * Arrivals, newest first.
 *
 * @typedef {object} Arrivals
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Arrival[]} items
 */

/**
 * The asset. Facts of the file are those of the shown version.
 *
 * @typedef {object} Asset
 * @property {string} id
 * @property {string} name
 * @property {string | null} title
 * @property {'image' | 'video' | 'document' | 'audio' | 'other'} type
 * @property {number | null} width_px
 * @property {number | null} height_px
 * @property {string | null} thumb_url For `<img>`; the same for an hour.
 * @property {string | null} thumbhash
 * @property {string | null} sku
 * @property {'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null} approval Of the newest version that the caller may know of.
 * @property {number | null} shown_version
 * @property {number | null} newest_version
 * @property {'live' | 'archived' | 'trashed'} state
 * @property {string | null} description
 * @property {string[]} keywords
 * @property {AutoTag[]} auto_tags
 * @property {Color[]} colors
 * @property {Home[]} collections
 * @property {string[]} skus
 * @property {string | null} alt
 * @property {number | null} position
 * @property {string | null} shot_type
 * @property {number | null} rating
 * @property {string | null} responsible_id
 * @property {string | null} available_from
 * @property {string | null} available_until
 * @property {Restriction | null} restriction
 * @property {string | null} archived_because
 * @property {string | null} orientation
 * @property {string | null} aspect
 * @property {string | null} background
 * @property {Source[]} sources
 * @property {string | null} format
 * @property {number | null} size_bytes
 * @property {string | null} sha256
 * @property {string | null} captured_at As the camera has it: without a zone where it noted none.
 * @property {Camera | null} camera
 * @property {Gps | null} gps
 * @property {string | null} created_at
 * @property {string | null} updated_at
 * @property {number | null} approved_version
 * @property {string | null} duplicate_of
 * @property {Rendition[]} renditions
 * @property {string | null} no_picture_because
 * @property {Usable[]} usable
 * @property {Record<string, any>} custom
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * Fields of an asset; null clears, lists replace, `custom` and `restriction` are merged.
 *
 * @typedef {object} AssetPatch
 * @property {string} [name]
 * @property {string | null} [title]
 * @property {string | null} [description]
 * @property {string | null} [alt]
 * @property {string[] | null} [keywords]
 * @property {string[] | null} [skus]
 * @property {number | null} [position]
 * @property {string | null} [shot_type]
 * @property {Record<string, string | number | boolean | string[] | null> | null} [custom]
 * @property {number | null} [rating]
 * @property {string | null} [responsible_id]
 * @property {string | null} [available_from]
 * @property {string | null} [available_until]
 * @property {RestrictionIn | null} [restriction]
 */

/**
 * A page of assets.
 *
 * @typedef {object} Assets
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {SlimAsset[]} items
 */

/**
 * So many approve.
 *
 * @typedef {object} AtLeast-Input
 * @property {number} at_least
 */

/**
 * So many approve.
 *
 * @typedef {object} AtLeast-Output
 * @property {number} at_least
 */

/**
 * Audit entries, newest first.
 *
 * @typedef {object} AuditEntries
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {AuditEntry[]} items
 */

/**
 * Who did what to what.
 *
 * @typedef {object} AuditEntry
 * @property {string} id
 * @property {string} at
 * @property {string} actor
 * @property {string} action
 * @property {string} subject
 * @property {'ok' | 'refused' | 'failed'} result
 * @property {string} [batch_id]
 * @property {any} [before]
 * @property {any} [after]
 * @property {Record<string, any>} detail
 */

/**
 * Something that is not as it was sealed.
 *
 * @typedef {object} AuditFault
 * @property {'changed' | 'missing' | 'inserted' | 'seal_broken' | 'file_missing'} kind
 * @property {string} hour
 * @property {string | null} entry_id
 */

/**
 * Whether the audit trail is as it was sealed.
 *
 * @typedef {object} AuditReport
 * @property {boolean} ok
 * @property {string | null} sealed_until Later entries are not sealed yet; null before the first hour is.
 * @property {string | null} checked_from
 * @property {string | null} checked_until
 * @property {number} entries How many were compared.
 * @property {AuditFault[]} faults At most 200.
 * @property {string | null} next Where to go on with `from` when there was too much for one answer.
 */

/**
 * What a model saw in the picture.
 *
 * @typedef {object} AutoTag
 * @property {string} name
 * @property {number} confidence
 * @property {string} model
 */

/**
 * One rule that decided.
 *
 * @typedef {object} Because
 * @property {string} rule
 * @property {string | null} role_id
 * @property {string | null} collection_id
 * @property {Right | null} right
 */

/**
 * An upload with the addresses of its first 50 parts.
 *
 * @typedef {object} BegunUpload
 * @property {string} id
 * @property {number} part_size_bytes
 * @property {Part[]} parts
 * @property {string} expires_at
 */

/**
 * What took the picture.
 *
 * @typedef {object} Camera
 * @property {string} [make]
 * @property {string} [model]
 * @property {string} [lens]
 */

/**
 * Something to read again, or to forget.
 *
 * @typedef {object} Change
 * @property {string} kind
 * @property {string} id
 * @property {'upserted' | 'gone'} change
 */

/**
 * A stretch of the feed.
 *
 * @typedef {object} Changes
 * @property {Change[]} items
 * @property {string} next The `since` of the next call.
 */

/**
 * What is to change.
 *
 * @typedef {object} ChangesIn
 * @property {string} note
 */

/**
 * A collection as the caller may see it.
 *
 * @typedef {object} Collection
 * @property {string} id
 * @property {string} name
 * @property {string} path Names from the top down, like `Spring/Front`; the root's is empty.
 * @property {string | null} parent_id The nearest parent the caller may see; null for the root.
 * @property {boolean} has_children
 * @property {number | null} asset_count Direct members the caller may see; null in the trash.
 * @property {Right[]} rights
 * @property {Policy} policy
 * @property {'live' | 'trashed'} state
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * A new collection; without a parent it lies at the top.
 *
 * @typedef {object} CollectionIn
 * @property {string} name
 * @property {string | null} [parent_id]
 * @property {PolicyIn | null} [policy]
 */

/**
 * What is to change; `parent_id` null moves to the top.
 *
 * @typedef {object} CollectionPatch
 * @property {string} [name]
 * @property {string | null} [parent_id]
 * @property {PolicyIn | null} [policy]
 */

/**
 * Collections, parents before children.
 *
 * @typedef {object} Collections
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Collection[]} items
 */

/**
 * A colour of the picture, and how much of it has it.
 *
 * @typedef {object} Color
 * @property {string} name
 * @property {string} hex
 * @property {number} share
 */

/**
 * What somebody said on a version.
 *
 * @typedef {object} Comment
 * @property {string} id
 * @property {string} asset_id
 * @property {number} version
 * @property {string} by
 * @property {string} at
 * @property {string | null} edited_at
 * @property {string | null} body Null once it was deleted.
 * @property {Anchor | null} anchor
 * @property {string | null} parent_id The first comment of its thread; null for that one.
 * @property {boolean} deleted
 * @property {boolean} carried Made on an older version than the one asked about.
 * @property {Resolution | null} resolved
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * What to say; `@[member id]` mentions a member. An answer names what it answers as `parent_id`.
 *
 * @typedef {object} CommentIn
 * @property {number} version
 * @property {string} body
 * @property {AnchorIn | null} [anchor]
 * @property {string | null} [parent_id]
 */

/**
 * What it says now.
 *
 * @typedef {object} CommentPatch
 * @property {string} body
 */

/**
 * Comments, oldest first.
 *
 * @typedef {object} Comments
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Comment[]} items
 */

/**
 * The parts, if the caller kept account of them: each must be what has arrived.
 *
 * @typedef {object} CompleteIn
 * @property {PartIn[] | null} [parts]
 */

/**
 * The arrival that the upload became.
 *
 * @typedef {object} CompletedUpload
 * @property {string} ingest_id
 */

/**
 * A connection, without its credentials. `because` says why it does not work, in words.
 *
 * @typedef {object} Connection
 * @property {string} id
 * @property {'drive' | 'shopify'} kind
 * @property {string} name
 * @property {Record<string, any>} settings
 * @property {'ok' | 'needs_reconnect' | 'needs_decision' | 'error'} state
 * @property {string | null} because
 * @property {Question | null} question
 * @property {boolean} running
 * @property {string | null} last_run
 * @property {string | null} next_run Null while it waits for a person.
 * @property {string} created_at
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * A new connection. What `settings` and `credentials` hold depends on its kind.
 *
 * @typedef {object} ConnectionIn
 * @property {'drive' | 'shopify'} kind
 * @property {string} name
 * @property {Record<string, any>} settings
 * @property {Record<string, any>} credentials
 */

/**
 * What is to change. `settings` is merged; credentials are replaced as a whole and never shown.
 *
 * @typedef {object} ConnectionPatch
 * @property {string} [name]
 * @property {Record<string, any>} [settings]
 * @property {Record<string, any>} [credentials]
 */

/**
 * What one run did.
 *
 * @typedef {object} ConnectionRun
 * @property {string} id
 * @property {'running' | 'done' | 'failed'} state
 * @property {string} by
 * @property {string} started_at
 * @property {string | null} ended_at
 * @property {number} done
 * @property {number | null} total Null while it is unknown.
 * @property {string | null} because
 * @property {Record<string, number>} counts
 * @property {Line[]} log
 */

/**
 * Runs, newest first.
 *
 * @typedef {object} ConnectionRuns
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {ConnectionRun[]} items
 */

/**
 * Connections, oldest first.
 *
 * @typedef {object} Connections
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Connection[]} items
 */

/**
 * What one person decided.
 *
 * @typedef {object} Decision
 * @property {string} by
 * @property {'approve' | 'reject' | 'request_changes'} decision
 * @property {string | null} note
 * @property {string} at
 */

/**
 * The document of the API in OpenAPI 3.1.
 *
 * @typedef {object} Document
 * @property {string} openapi
 * @property {Record<string, any>} info
 * @property {Record<string, any>} paths
 * @property {Record<string, any>} components
 */

/**
 * An address for the bytes, good until `expires_at`.
 *
 * @typedef {object} Download
 * @property {string} url
 * @property {string} expires_at
 * @property {string} file_name
 * @property {number} version
 * @property {number} size_bytes
 */

/**
 * S3 keys that can only put files below `prefix`.
 *
 * @typedef {object} DropCredentials
 * @property {string} access_key
 * @property {string} secret_key
 * @property {string} session_token
 * @property {string} endpoint
 * @property {string} bucket
 * @property {string} prefix
 * @property {string} expires_at
 */

/**
 * For how long.
 *
 * @typedef {object} DropIn
 * @property {number} [expires_s]
 */

/**
 * One of role, member and key; one of asset and collection.
 *
 * @typedef {object} ExplainIn
 * @property {Right} right
 * @property {string | null} [role_id]
 * @property {string | null} [member_id]
 * @property {string | null} [key_id]
 * @property {string | null} [asset_id]
 * @property {string | null} [collection_id]
 */

/**
 * Whether a right holds, and why.
 *
 * @typedef {object} Explanation
 * @property {boolean} allowed
 * @property {Because[]} because
 */

/**
 * Which entries, and as what.
 *
 * @typedef {object} ExportIn
 * @property {'csv' | 'jsonl'} [format]
 * @property {string | null} [subject]
 * @property {string | null} [actor]
 * @property {string | null} [action]
 * @property {string | null} [from]
 * @property {string | null} [to]
 */

/**
 * How many of the found assets have this value.
 *
 * @typedef {object} FacetValue
 * @property {string} value
 * @property {number} count
 * @property {string} [label] What people call it, where the value is an id.
 */

/**
 * What a search found.
 *
 * @typedef {object} Found
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {SlimAsset[]} items
 * @property {number} total
 * @property {Record<string, FacetValue[]>} facets
 * @property {string} snapshot Give it with `from`, and the windows do not shift.
 * @property {boolean | null} fresh Whether the write of `fresh_for` is in it; null without `fresh_for`.
 * @property {number} took_ms
 */

/**
 * Where the picture was taken, in degrees and metres.
 *
 * @typedef {object} Gps
 * @property {number} lat
 * @property {number} lon
 * @property {number} [alt_m]
 */

/**
 * All grants on a thing.
 *
 * @typedef {object} Grants
 * @property {ThingGrant[]} grants
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * All grants on a thing; those left out are taken away.
 *
 * @typedef {object} GrantsIn
 * @property {chalicelib__handlers__grants__GrantIn[]} grants
 */

/**
 * That it runs.
 *
 * @typedef {object} Health
 * @property {'ok'} status
 * @property {string} version
 */

/**
 * A collection the asset is in.
 *
 * @typedef {object} Home
 * @property {string} id
 * @property {string} path
 */

/**
 * One asset; without a version its newest is meant.
 *
 * @typedef {object} ItemIn
 * @property {string} asset_id
 * @property {number | null} [version]
 */

/**
 * Long work with its progress.
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {string} kind
 * @property {'queued' | 'running' | 'done' | 'failed' | 'cancelled'} state
 * @property {string} by
 * @property {string} created_at
 * @property {number} done
 * @property {number | null} total Null while it is unknown.
 * @property {JobError[]} errors
 * @property {Record<string, any> | null} result
 * @property {string | null} undo_until
 */

/**
 * What went wrong with one item of a job.
 *
 * @typedef {object} JobError
 * @property {string} subject
 * @property {string} code
 * @property {string} detail
 */

/**
 * Jobs, newest first.
 *
 * @typedef {object} Jobs
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Job[]} items
 */

/**
 * An API key without its secret. Null limits nothing.
 *
 * @typedef {object} Key
 * @property {string} id
 * @property {string} prefix
 * @property {string} name
 * @property {string[] | null} role_ids
 * @property {Right[] | null} rights
 * @property {string[] | null} collection_ids
 * @property {string} created_by
 * @property {string} created_at
 * @property {string | null} expires_at
 * @property {string | null} last_used_at
 */

/**
 * A new key. `rights` and `collection_ids` limit what the roles allow, without roles what the maker may.
 *
 * @typedef {object} KeyIn
 * @property {string} name
 * @property {string[] | null} [role_ids]
 * @property {Right[] | null} [rights]
 * @property {string[] | null} [collection_ids]
 * @property {string | null} [expires_at]
 */

/**
 * API keys.
 *
 * @typedef {object} Keys
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Key[]} items
 */

/**
 * What happened.
 *
 * @typedef {object} Line
 * @property {string} at
 * @property {string} text
 * @property {string | null} subject
 * @property {boolean} trouble
 */

/**
 * The same for every address, whether anybody has it or not.
 *
 * @typedef {object} LinkAsked
 * @property {true} asked
 */

/**
 * Where the link is to be sent.
 *
 * @typedef {object} LinkIn
 * @property {string} email
 */

/**
 * The caller, and its rights on the whole library.
 *
 * @typedef {object} Me
 * @property {Principal} principal
 * @property {chalicelib__handlers__shapes__Workspace} workspace
 * @property {string[]} role_ids
 * @property {Right[]} rights
 */

/**
 * A person of the workspace.
 *
 * @typedef {object} Member
 * @property {string} id
 * @property {string} email
 * @property {string} name
 * @property {string[]} role_ids
 * @property {string} created_at
 * @property {string | null} expires_at
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * A new member; `expires_at` ends an outside collaborator's access.
 *
 * @typedef {object} MemberIn
 * @property {string} email
 * @property {string} name
 * @property {string[]} [role_ids]
 * @property {string | null} [expires_at]
 */

/**
 * What is to change; `role_ids` replaces those that are there, a null `expires_at` ends nothing.
 *
 * @typedef {object} MemberPatch
 * @property {string | null} [email]
 * @property {string | null} [name]
 * @property {string[] | null} [role_ids]
 * @property {string | null} [expires_at]
 */

/**
 * Members.
 *
 * @typedef {object} Members
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Member[]} items
 */

/**
 * What one name says.
 *
 * @typedef {object} NameSaid
 * @property {string} name
 * @property {string[]} skus
 * @property {number | null} position
 * @property {string | null} shot_type
 * @property {string | null} rule The pattern that fitted; null when none did.
 */

/**
 * The rules in their order.
 *
 * @typedef {object} Naming
 * @property {NamingRule[]} rules
 */

/**
 * One rule.
 *
 * @typedef {object} NamingRule
 * @property {string} pattern
 * @property {boolean} needs_digit
 */

/**
 * A key with its secret, which is shown this once.
 *
 * @typedef {object} NewKey
 * @property {string} id
 * @property {string} prefix
 * @property {string} name
 * @property {string[] | null} role_ids
 * @property {Right[] | null} rights
 * @property {string[] | null} collection_ids
 * @property {string} created_by
 * @property {string} created_at
 * @property {string | null} expires_at
 * @property {string | null} last_used_at
 * @property {string} key
 */

/**
 * What the caller is told.
 *
 * @typedef {object} Notice
 * @property {string} id
 * @property {string} at
 * @property {'approval.requested' | 'version.pending' | 'version.decided' | 'comment.mention' | 'comment.reply'} kind
 * @property {string} subject `asset:<id>`, `approval:<id>` or `comment:<id>`.
 * @property {number | null} version
 * @property {string | null} by The member who did it, or null.
 * @property {string} text
 * @property {string} link Into the web app, to asset and version.
 * @property {boolean} read
 */

/**
 * Notices, newest first.
 *
 * @typedef {object} Notices
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Notice[]} items
 */

/**
 * An address that takes one part by PUT with these headers.
 *
 * @typedef {object} Part
 * @property {number} number
 * @property {string} url
 * @property {Record<string, string>} headers
 */

/**
 * A part as the store acknowledged it.
 *
 * @typedef {object} PartIn
 * @property {number} number
 * @property {string | null} [etag]
 */

/**
 * Addresses of parts.
 *
 * @typedef {object} Parts
 * @property {Part[]} parts
 */

/**
 * Numbers of parts.
 *
 * @typedef {object} PartsIn
 * @property {number[]} numbers
 */

/**
 * Rules of a collection.
 *
 * @typedef {object} Policy
 * @property {'newest' | 'block'} unapproved
 * @property {'accept' | 'pending'} uploads
 * @property {string[]} required_fields
 * @property {boolean} auto_tags
 * @property {ApprovedTo | null} approved_to
 */

/**
 * Rules, merged into those that are there; null is the default.
 *
 * @typedef {object} PolicyIn
 * @property {'newest' | 'block' | null} [unapproved]
 * @property {'accept' | 'pending' | null} [uploads]
 * @property {string[] | null} [required_fields]
 * @property {boolean | null} [auto_tags]
 * @property {ApprovedToIn | null} [approved_to]
 */

/**
 * Who acts.
 *
 * @typedef {object} Principal
 * @property {string} id
 * @property {string} kind
 * @property {string} name
 */

/**
 * Why a request was refused (RFC 9457). `code` is stable, `detail` is for people.
 *
 * @typedef {object} Problem
 * @property {string} type
 * @property {string} title
 * @property {number} status
 * @property {string} detail
 * @property {string} code
 * @property {string} request_id
 * @property {Record<string, string>} [fields] A reason for each field that does not fit.
 * @property {number} [position] Where in `q`, for the code `bad_query`.
 */

/**
 * What only a person can decide; answered by `decide`.
 *
 * @typedef {object} Question
 * @property {string} code
 * @property {string} text
 * @property {string[]} choices
 */

/**
 * Which were read.
 *
 * @typedef {object} ReadIn
 * @property {string[]} ids
 */

/**
 * Why.
 *
 * @typedef {object} Reason
 * @property {string} reason
 */

/**
 * A picture made from a version.
 *
 * @typedef {object} Rendition
 * @property {'large' | 'medium' | 'small'} name
 * @property {string} url
 * @property {number} width_px
 * @property {number} height_px
 * @property {string} format
 * @property {number} size_bytes
 */

/**
 * Who resolved it, when, and in which version.
 *
 * @typedef {object} Resolution
 * @property {string} by
 * @property {string} at
 * @property {number} version
 */

/**
 * In which version it is done.
 *
 * @typedef {object} ResolveIn
 * @property {number} version
 */

/**
 * Why, and from when to when, the asset is withheld.
 *
 * @typedef {object} Restriction
 * @property {string} reason
 * @property {string | null} from
 * @property {string | null} until
 */

/**
 * A restriction, merged into the one that is there.
 *
 * @typedef {object} RestrictionIn
 * @property {string | null} [reason]
 * @property {string | null} [from]
 * @property {string | null} [until]
 */

/** @typedef {'see' | 'view' | 'download' | 'download_original' | 'download_unapproved' | 'comment' | 'upload' | 'edit' | 'submit' | 'approve' | 'share' | 'move' | 'archive' | 'delete' | 'manage'} Right Everything a principal can be allowed or denied, in the order of `api.md`.*/

/**
 * A role. Ready-made ones carry `key`.
 *
 * @typedef {object} Role
 * @property {string} id
 * @property {string} name
 * @property {string | null} key
 * @property {RoleGrant[]} grants
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * Rights on a collection with what is below; null is the whole library.
 *
 * @typedef {object} RoleGrant
 * @property {string | null} collection_id
 * @property {Right[]} allow
 * @property {Right[]} deny
 */

/**
 * A new role.
 *
 * @typedef {object} RoleIn
 * @property {string} name
 * @property {chalicelib__handlers__roles__GrantIn[]} [grants]
 */

/**
 * What is to change; `grants` replaces those that are there.
 *
 * @typedef {object} RolePatch
 * @property {string | null} [name]
 * @property {chalicelib__handlers__roles__GrantIn[] | null} [grants]
 */

/**
 * Roles.
 *
 * @typedef {object} Roles
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Role[]} items
 */

/**
 * For how long the former secret still counts.
 *
 * @typedef {object} RotateIn
 * @property {number} [overlap_s]
 */

/**
 * One rule, such as `{sku}_{position}[_{shot}]`.
 *
 * @typedef {object} RuleIn
 * @property {string} pattern
 * @property {boolean} [needs_digit] A SKU has a digit, and is no camera's name.
 */

/**
 * The rules in their order: the first that fits decides.
 *
 * @typedef {object} RulesIn
 * @property {RuleIn[]} rules
 */

/**
 * A search with a name.
 *
 * @typedef {object} SavedSearch
 * @property {string} id
 * @property {string} name
 * @property {string} q
 * @property {string | null} sort
 * @property {boolean} shared
 * @property {string} by
 * @property {number | null} count What it finds for the caller; null for a query that is no longer read.
 * @property {string} created_at
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * Saved searches.
 *
 * @typedef {object} SavedSearches
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {SavedSearch[]} items
 */

/**
 * A search to keep.
 *
 * @typedef {object} SearchIn
 * @property {string} name
 * @property {string} q
 * @property {'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position' | null} [sort]
 * @property {boolean} [shared]
 */

/**
 * What is to change of it; a null sort is the usual order.
 *
 * @typedef {object} SearchPatch
 * @property {string | null} [name]
 * @property {string | null} [q]
 * @property {'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position' | null} [sort]
 * @property {boolean | null} [shared]
 */

/**
 * Who sees an asset, with their rights on it.
 *
 * @typedef {object} Seer
 * @property {'member' | 'role'} kind
 * @property {string} id
 * @property {string} name
 * @property {Right[]} rights
 */

/**
 * Who sees an asset.
 *
 * @typedef {object} Seers
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Seer[]} items
 */

/**
 * A place where the caller is signed in.
 *
 * @typedef {object} Session
 * @property {string} id
 * @property {string} created_at
 * @property {string} expires_at
 * @property {boolean} current
 */

/**
 * A one-time link's token.
 *
 * @typedef {object} SessionIn
 * @property {string} token
 */

/**
 * The caller's sessions.
 *
 * @typedef {object} Sessions
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Session[]} items
 */

/**
 * One picture of a product.
 *
 * @typedef {object} Shot
 * @property {string} asset_id
 * @property {string} name
 * @property {number | null} position
 * @property {string | null} shot_type
 * @property {'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested'} approval Of the newest version.
 * @property {boolean} approved Whether some version is approved.
 * @property {string | null} thumb_url
 * @property {string | null} thumbhash
 */

/**
 * The session's cookie is in the `Set-Cookie` header.
 *
 * @typedef {object} SignedIn
 * @property {true} signed_in
 */

/**
 * A SKU with its shots in order.
 *
 * @typedef {object} SkuBoard
 * @property {string} sku
 * @property {Shot[]} shots
 * @property {string[]} missing Required shot types that no asset has.
 */

/**
 * An approved image; its address is good for an hour.
 *
 * @typedef {object} SkuImage
 * @property {string} asset_id
 * @property {number | null} position
 * @property {string | null} shot_type
 * @property {string} url
 * @property {number} width_px
 * @property {number} height_px
 * @property {string | null} alt
 */

/**
 * Approved images of a SKU, in order.
 *
 * @typedef {object} SkuImages
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {SkuImage[]} items
 */

/**
 * The board; a page may be short and still have a next.
 *
 * @typedef {object} Skus
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {SkuBoard[]} items
 */

/**
 * An asset in a list. Without the right `view` everything but its existence is null.
 *
 * @typedef {object} SlimAsset
 * @property {string} id
 * @property {string} name
 * @property {string | null} title
 * @property {'image' | 'video' | 'document' | 'audio' | 'other'} type
 * @property {number | null} width_px
 * @property {number | null} height_px
 * @property {string | null} thumb_url For `<img>`; the same for an hour.
 * @property {string | null} thumbhash
 * @property {string | null} sku
 * @property {'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null} approval Of the newest version that the caller may know of.
 * @property {number | null} shown_version
 * @property {number | null} newest_version
 * @property {'live' | 'archived' | 'trashed'} state
 */

/**
 * Where the asset comes from.
 *
 * @typedef {object} Source
 * @property {string} kind
 * @property {string | null} connection_id
 * @property {string} path
 * @property {'linked' | 'detached' | 'trashed'} state
 * @property {string | null} because
 */

/**
 * What a half-written word could become.
 *
 * @typedef {object} Suggestion
 * @property {'term' | 'keyword' | 'sku' | 'collection' | 'search'} kind
 * @property {string} text
 * @property {number} count
 * @property {string} [id] Of the collection or the saved search.
 * @property {string} [q] What the saved search asks.
 */

/**
 * Suggestions, the likeliest first.
 *
 * @typedef {object} Suggestions
 * @property {Suggestion[]} items
 */

/**
 * The collections of a template that was applied.
 *
 * @typedef {object} Template
 * @property {Collection[]} collections
 */

/**
 * Which template.
 *
 * @typedef {object} TemplateIn
 * @property {'ecommerce'} name
 */

/**
 * Rights of one role or one member on a thing.
 *
 * @typedef {object} ThingGrant
 * @property {string} [role_id]
 * @property {string} [member_id]
 * @property {Right[]} allow
 * @property {Right[]} deny
 */

/**
 * Names to read, by other rules than the workspace's where they are given.
 *
 * @typedef {object} Trial
 * @property {string[]} names
 * @property {RuleIn[] | null} [rules]
 */

/**
 * What the names say, in the order asked.
 *
 * @typedef {object} Tried
 * @property {NameSaid[]} items
 */

/**
 * What has arrived of an upload.
 *
 * @typedef {object} Upload
 * @property {string} id
 * @property {string} file_name
 * @property {number} part_size_bytes
 * @property {number[]} arrived
 * @property {string | null} ingest_id
 * @property {string} expires_at
 */

/**
 * What is to be uploaded, and where to.
 *
 * @typedef {object} UploadIn
 * @property {string} file_name
 * @property {number} size_bytes
 * @property {string | null} [content_type]
 * @property {string | null} [sha256]
 * @property {string | null} [collection_id]
 * @property {string | null} [collection_path]
 * @property {string | null} [asset_id]
 * @property {string | null} [note]
 * @property {AssetPatch | null} [fields]
 */

/**
 * Whether a channel may use the asset.
 *
 * @typedef {object} Usable
 * @property {string} channel
 * @property {boolean} usable
 * @property {string[]} because
 */

/**
 * One version in an asset's history.
 *
 * @typedef {object} Version
 * @property {number} number
 * @property {string} at
 * @property {string | null} by
 * @property {string | null} note
 * @property {string} sha256
 * @property {number} size_bytes
 * @property {number | null} width_px
 * @property {number | null} height_px
 * @property {'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested'} approval
 * @property {string | null} thumb_url
 * @property {Rendition[]} renditions
 */

/**
 * Versions, newest first.
 *
 * @typedef {object} Versions
 * @property {string | null} next The `cursor` of the next page; null at the end.
 * @property {Version[]} items
 */

/**
 * What is to change.
 *
 * @typedef {object} WorkspacePatch
 * @property {string | null} [name]
 * @property {boolean | null} [self_approval]
 * @property {string[] | null} [required_shots]
 */

/**
 * A decision; with the version that was looked at, one on any other is refused.
 *
 * @typedef {object} chalicelib__handlers__approvals__DecisionIn
 * @property {string} asset_id
 * @property {'approve' | 'reject' | 'request_changes'} decision
 * @property {string | null} [note]
 * @property {number | null} [version]
 */

/**
 * An answer to the connection's question.
 *
 * @typedef {object} chalicelib__handlers__connection_shapes__DecisionIn
 * @property {string} decision
 */

/**
 * Long work has begun.
 *
 * @typedef {object} chalicelib__handlers__connection_shapes__Started
 * @property {string} job_id
 */

/**
 * Rights of one role or one member.
 *
 * @typedef {object} chalicelib__handlers__grants__GrantIn
 * @property {string | null} [role_id]
 * @property {string | null} [member_id]
 * @property {Right[]} [allow]
 * @property {Right[]} [deny]
 */

/**
 * The workspace and its rules.
 *
 * @typedef {object} chalicelib__handlers__people_shapes__Workspace
 * @property {string} id
 * @property {string} name
 * @property {boolean} self_approval
 * @property {string[]} required_shots
 * @property {string} created_at
 * @property {string} etag The `ETag` header quotes it; send it as `If-Match`.
 */

/**
 * Rights on a collection with what is below; null is the whole library.
 *
 * @typedef {object} chalicelib__handlers__roles__GrantIn
 * @property {string | null} collection_id
 * @property {Right[]} [allow]
 * @property {Right[]} [deny]
 */

/**
 * Long work that was begun.
 *
 * @typedef {object} chalicelib__handlers__shapes__Started
 * @property {string} job_id
 */

/**
 * The workspace of the caller.
 *
 * @typedef {object} chalicelib__handlers__shapes__Workspace
 * @property {string} id
 * @property {string} name
 */

/**
 * Comment on a version, or answer a comment.
 *
 * @param {string} assetId
 * @param {CommentIn} body
 * @param {Options} [options]
 * @returns {Promise<Comment>}
 */
export const addComment = (assetId, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/comments`, { body, ...options })

/**
 * Add a person, with no more than the caller has.
 *
 * @param {MemberIn} body
 * @param {Options} [options]
 * @returns {Promise<Member>}
 */
export const addMember = (body, options = {}) => call('POST', '/v1/members', { body, ...options })

/**
 * Make the collections of a template; those that are there stay as they are.
 *
 * @param {TemplateIn} body
 * @param {Options} [options]
 * @returns {Promise<Template>}
 */
export const applyTemplate = (body, options = {}) => call('POST', '/v1/workspace/template', { body, ...options })

/**
 * Approve any version: from then on it is the one that is shown and handed out.
 *
 * @param {string} assetId
 * @param {string} number
 * @param {ApproveIn} body
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const approveVersion = (assetId, number, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/versions/${encodeURIComponent(number)}/approve`, { body, ...options })

/**
 * Take the asset out of daily work, read-only, with a reason.
 *
 * @param {string} assetId
 * @param {Reason} body
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const archiveAsset = (assetId, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/archive`, { body, ...options })

/**
 * Ask people to approve versions; needs `submit` on each asset.
 *
 * @param {ApprovalIn} body
 * @param {Options} [options]
 * @returns {Promise<Approval>}
 */
export const askApproval = (body, options = {}) => call('POST', '/v1/approvals', { body, ...options })

/**
 * Have a one-time link sent to an address, if it is a member's; the answer says nothing of that.
 *
 * @param {LinkIn} body
 * @param {Options} [options]
 * @returns {Promise<LinkAsked>}
 */
export const askForLink = (body, options = {}) => call('POST', '/v1/sign-in/links', { body, ...options })

/**
 * Begin an upload; the first addresses come at once.
 *
 * @param {UploadIn} body
 * @param {Options} [options]
 * @returns {Promise<BegunUpload>}
 */
export const beginUpload = (body, options = {}) => call('POST', '/v1/uploads', { body, ...options })

/**
 * Stop a job; what it has done stays done.
 *
 * @param {string} jobId
 * @param {Options} [options]
 * @returns {Promise<Job>}
 */
export const cancelJob = (jobId, options = {}) => call('POST', `/v1/jobs/${encodeURIComponent(jobId)}/cancel`, options)

/**
 * Change name, settings or credentials.
 *
 * @param {string} connectionId
 * @param {ConnectionPatch} body
 * @param {Options} [options]
 * @returns {Promise<Connection>}
 */
export const changeConnection = (connectionId, body, options = {}) => call('PATCH', `/v1/connections/${encodeURIComponent(connectionId)}`, { body, ...options })

/**
 * Change address, name, roles or end; it counts from the next request on.
 *
 * @param {string} memberId
 * @param {MemberPatch} body
 * @param {Options} [options]
 * @returns {Promise<Member>}
 */
export const changeMember = (memberId, body, options = {}) => call('PATCH', `/v1/members/${encodeURIComponent(memberId)}`, { body, ...options })

/**
 * Rename it or replace its grants; it counts from the next request on.
 *
 * @param {string} roleId
 * @param {RolePatch} body
 * @param {Options} [options]
 * @returns {Promise<Role>}
 */
export const changeRole = (roleId, body, options = {}) => call('PATCH', `/v1/roles/${encodeURIComponent(roleId)}`, { body, ...options })

/**
 * Change its name, query, order or who sees it.
 *
 * @param {string} searchId
 * @param {SearchPatch} body
 * @param {Options} [options]
 * @returns {Promise<SavedSearch>}
 */
export const changeSearch = (searchId, body, options = {}) => call('PATCH', `/v1/searches/${encodeURIComponent(searchId)}`, { body, ...options })

/**
 * Change its name, whether people approve their own uploads, and the shots that every product needs.
 *
 * @param {WorkspacePatch} body
 * @param {Options} [options]
 * @returns {Promise<chalicelib__handlers__people_shapes__Workspace>}
 */
export const changeWorkspace = (body, options = {}) => call('PATCH', '/v1/workspace', { body, ...options })

/**
 * Ask the outside system now whether the connection works; `state` and `because` say how it went.
 *
 * @param {string} connectionId
 * @param {Options} [options]
 * @returns {Promise<Connection>}
 */
export const checkConnection = (connectionId, options = {}) => call('POST', `/v1/connections/${encodeURIComponent(connectionId)}/check`, options)

/**
 * Say that all bytes are there.
 *
 * @param {string} uploadId
 * @param {CompleteIn} body
 * @param {Options} [options]
 * @returns {Promise<CompletedUpload>}
 */
export const completeUpload = (uploadId, body, options = {}) => call('POST', `/v1/uploads/${encodeURIComponent(uploadId)}/complete`, { body, ...options })

/**
 * Decide on one asset of a request; needs `approve` on it.
 *
 * @param {string} approvalId
 * @param {chalicelib__handlers__approvals__DecisionIn} body
 * @param {Options} [options]
 * @returns {Promise<Approval>}
 */
export const decideApproval = (approvalId, body, options = {}) => call('POST', `/v1/approvals/${encodeURIComponent(approvalId)}/decisions`, { body, ...options })

/**
 * Answer the connection's question.
 *
 * @param {string} connectionId
 * @param {chalicelib__handlers__connection_shapes__DecisionIn} body
 * @param {Options} [options]
 * @returns {Promise<Connection>}
 */
export const decideConnection = (connectionId, body, options = {}) => call('POST', `/v1/connections/${encodeURIComponent(connectionId)}/decide`, { body, ...options })

/**
 * Take it back; its author does, or a manager of the library.
 *
 * @param {string} commentId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const deleteComment = (commentId, options = {}) => call('DELETE', `/v1/comments/${encodeURIComponent(commentId)}`, options)

/**
 * Disconnect: every asset stays with its versions and comments.
 *
 * @param {string} connectionId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const deleteConnection = (connectionId, options = {}) => call('DELETE', `/v1/connections/${encodeURIComponent(connectionId)}`, options)

/**
 * Delete a role that nobody has.
 *
 * @param {string} roleId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const deleteRole = (roleId, options = {}) => call('DELETE', `/v1/roles/${encodeURIComponent(roleId)}`, options)

/**
 * Forget it; the assets stay.
 *
 * @param {string} searchId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const deleteSearch = (searchId, options = {}) => call('DELETE', `/v1/searches/${encodeURIComponent(searchId)}`, options)

/**
 * An address for the bytes, for two minutes.
 *
 * @param {string} assetId
 * @param {{version?: number, preset?: string, original?: boolean, redirect?: boolean}} [query]
 * @param {Options} [options]
 * @returns {Promise<Download>}
 */
export const downloadAsset = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/download`, { query, ...options })

/**
 * Set fields of the asset.
 *
 * @param {string} assetId
 * @param {AssetPatch} body
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const editAsset = (assetId, body, options = {}) => call('PATCH', `/v1/assets/${encodeURIComponent(assetId)}`, { body, ...options })

/**
 * Rename, move (needs `move`, and `upload` there) or set rules (needs `manage`).
 *
 * @param {string} collectionId
 * @param {CollectionPatch} body
 * @param {Options} [options]
 * @returns {Promise<Collection>}
 */
export const editCollection = (collectionId, body, options = {}) => call('PATCH', `/v1/collections/${encodeURIComponent(collectionId)}`, { body, ...options })

/**
 * Say it differently; only its author does.
 *
 * @param {string} commentId
 * @param {CommentPatch} body
 * @param {Options} [options]
 * @returns {Promise<Comment>}
 */
export const editComment = (commentId, body, options = {}) => call('PATCH', `/v1/comments/${encodeURIComponent(commentId)}`, { body, ...options })

/**
 * End one of the caller's sessions; `current` is this one.
 *
 * @param {string} sessionId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const endSession = (sessionId, options = {}) => call('DELETE', `/v1/sessions/${encodeURIComponent(sessionId)}`, options)

/**
 * Whether a role, a member or a key has a right on an asset or a collection, and the rules that decided.
 *
 * @param {ExplainIn} body
 * @param {Options} [options]
 * @returns {Promise<Explanation>}
 */
export const explainAccess = (body, options = {}) => call('POST', '/v1/access/explain', { body, ...options })

/**
 * Write entries into a file; the job's result has its address.
 *
 * @param {ExportIn} body
 * @param {Options} [options]
 * @returns {Promise<chalicelib__handlers__shapes__Started>}
 */
export const exportAudit = (body, options = {}) => call('POST', '/v1/audit/export', { body, ...options })

/**
 * The same for every character that a SKU may have; empty when there are none.
 *
 * @param {{preset?: string, sku: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<SkuImages>}
 */
export const findSkuImages = (query = {}, options = {}) => call('GET', '/v1/sku-images', { query, ...options })

/**
 * Who can see the asset now: members and roles with their rights on it.
 *
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<Seers>}
 */
export const getAccess = (assetId, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/access`, options)

/**
 * One request.
 *
 * @param {string} approvalId
 * @param {Options} [options]
 * @returns {Promise<Approval>}
 */
export const getApproval = (approvalId, options = {}) => call('GET', `/v1/approvals/${encodeURIComponent(approvalId)}`, options)

/**
 * One arrival: of the caller's own upload, or any for those who manage.
 *
 * @param {string} ingestId
 * @param {Options} [options]
 * @returns {Promise<Arrival>}
 */
export const getArrival = (ingestId, options = {}) => call('GET', `/v1/ingest/${encodeURIComponent(ingestId)}`, options)

/**
 * The asset.
 *
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const getAsset = (assetId, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}`, options)

/**
 * Exceptions on the asset.
 *
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<Grants>}
 */
export const getAssetGrants = (assetId, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/grants`, options)

/**
 * One collection.
 *
 * @param {string} collectionId
 * @param {Options} [options]
 * @returns {Promise<Collection>}
 */
export const getCollection = (collectionId, options = {}) => call('GET', `/v1/collections/${encodeURIComponent(collectionId)}`, options)

/**
 * Grants on this very collection; those on the ones above hold here too.
 *
 * @param {string} collectionId
 * @param {Options} [options]
 * @returns {Promise<Grants>}
 */
export const getCollectionGrants = (collectionId, options = {}) => call('GET', `/v1/collections/${encodeURIComponent(collectionId)}/grants`, options)

/**
 * One connection, without its credentials.
 *
 * @param {string} connectionId
 * @param {Options} [options]
 * @returns {Promise<Connection>}
 */
export const getConnection = (connectionId, options = {}) => call('GET', `/v1/connections/${encodeURIComponent(connectionId)}`, options)

/**
 * This document.
 *
 * @param {Options} [options]
 * @returns {Promise<Document>}
 */
export const getDocument = (options = {}) => call('GET', '/v1/openapi.json', options)

/**
 * That it runs.
 *
 * @param {Options} [options]
 * @returns {Promise<Health>}
 */
export const getHealth = (options = {}) => call('GET', '/v1/health', options)

/**
 * One job with its progress.
 *
 * @param {string} jobId
 * @param {Options} [options]
 * @returns {Promise<Job>}
 */
export const getJob = (jobId, options = {}) => call('GET', `/v1/jobs/${encodeURIComponent(jobId)}`, options)

/**
 * One key, without its secret.
 *
 * @param {string} keyId
 * @param {Options} [options]
 * @returns {Promise<Key>}
 */
export const getKey = (keyId, options = {}) => call('GET', `/v1/keys/${encodeURIComponent(keyId)}`, options)

/**
 * Who the caller is and may what on the whole library.
 *
 * @param {Options} [options]
 * @returns {Promise<Me>}
 */
export const getMe = (options = {}) => call('GET', '/v1/me', options)

/**
 * One member.
 *
 * @param {string} memberId
 * @param {Options} [options]
 * @returns {Promise<Member>}
 */
export const getMember = (memberId, options = {}) => call('GET', `/v1/members/${encodeURIComponent(memberId)}`, options)

/**
 * The workspace's rules.
 *
 * @param {Options} [options]
 * @returns {Promise<Naming>}
 */
export const getNaming = (options = {}) => call('GET', '/v1/naming', options)

/**
 * One role.
 *
 * @param {string} roleId
 * @param {Options} [options]
 * @returns {Promise<Role>}
 */
export const getRole = (roleId, options = {}) => call('GET', `/v1/roles/${encodeURIComponent(roleId)}`, options)

/**
 * One saved search.
 *
 * @param {string} searchId
 * @param {Options} [options]
 * @returns {Promise<SavedSearch>}
 */
export const getSearch = (searchId, options = {}) => call('GET', `/v1/searches/${encodeURIComponent(searchId)}`, options)

/**
 * One SKU's shots in order, the missing ones named.
 *
 * @param {string} sku
 * @param {Options} [options]
 * @returns {Promise<SkuBoard>}
 */
export const getSku = (sku, options = {}) => call('GET', `/v1/skus/${encodeURIComponent(sku)}`, options)

/**
 * What has arrived.
 *
 * @param {string} uploadId
 * @param {Options} [options]
 * @returns {Promise<Upload>}
 */
export const getUpload = (uploadId, options = {}) => call('GET', `/v1/uploads/${encodeURIComponent(uploadId)}`, options)

/**
 * The caller's workspace.
 *
 * @param {Options} [options]
 * @returns {Promise<chalicelib__handlers__people_shapes__Workspace>}
 */
export const getWorkspace = (options = {}) => call('GET', '/v1/workspace', options)

/**
 * Requests the caller made or is asked in, newest first.
 *
 * @param {{limit?: number, cursor?: string, assigned?: 'me', state?: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'}} [query]
 * @param {Options} [options]
 * @returns {Promise<Approvals>}
 */
export const listApprovals = (query = {}, options = {}) => call('GET', '/v1/approvals', { query, ...options })

/**
 * Arrivals, newest first; `state` narrows.
 *
 * @param {{limit?: number, cursor?: string, state?: 'pending' | 'processing' | 'done' | 'quarantined'}} [query]
 * @param {Options} [options]
 * @returns {Promise<Arrivals>}
 */
export const listArrivals = (query = {}, options = {}) => call('GET', '/v1/ingest', { query, ...options })

/**
 * A collection's own assets, by age or name; `name` keeps those whose name contains it.
 *
 * @param {{limit?: number, cursor?: string, collection_id?: string, name?: string, sort?: 'name' | '-name' | 'uploaded' | '-uploaded'}} [query]
 * @param {Options} [options]
 * @returns {Promise<Assets>}
 */
export const listAssets = (query = {}, options = {}) => call('GET', '/v1/assets', { query, ...options })

/**
 * Entries, newest first, of `from` until before `to`; a page may be short and still have a next.
 *
 * @param {{limit?: number, cursor?: string, subject?: string, actor?: string, action?: string, from?: string, to?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<AuditEntries>}
 */
export const listAudit = (query = {}, options = {}) => call('GET', '/v1/audit', { query, ...options })

/**
 * What changed since a place in the feed; without one, the place where it ends now. Kept for a day.
 *
 * @param {{since?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Changes>}
 */
export const listChanges = (query = {}, options = {}) => call('GET', '/v1/changes', { query, ...options })

/**
 * Every collection the caller may see, parents before children; `parent_id` narrows to its children.
 *
 * @param {{limit?: number, cursor?: string, parent_id?: string, state?: 'live' | 'trashed'}} [query]
 * @param {Options} [options]
 * @returns {Promise<Collections>}
 */
export const listCollections = (query = {}, options = {}) => call('GET', '/v1/collections', { query, ...options })

/**
 * Comments on the asset's versions, oldest first.
 *
 * @param {string} assetId
 * @param {{limit?: number, cursor?: string, version?: number, state?: 'open' | 'resolved'}} [query]
 * @param {Options} [options]
 * @returns {Promise<Comments>}
 */
export const listComments = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/comments`, { query, ...options })

/**
 * What its runs did, newest first; runs that found nothing to do are not kept.
 *
 * @param {string} connectionId
 * @param {{limit?: number, cursor?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<ConnectionRuns>}
 */
export const listConnectionRuns = (connectionId, query = {}, options = {}) => call('GET', `/v1/connections/${encodeURIComponent(connectionId)}/runs`, { query, ...options })

/**
 * All connections, without their credentials.
 *
 * @param {Options} [options]
 * @returns {Promise<Connections>}
 */
export const listConnections = (options = {}) => call('GET', '/v1/connections', options)

/**
 * The caller's jobs, newest first, or everybody's for those who manage the library.
 *
 * @param {{limit?: number, cursor?: string, state?: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'}} [query]
 * @param {Options} [options]
 * @returns {Promise<Jobs>}
 */
export const listJobs = (query = {}, options = {}) => call('GET', '/v1/jobs', { query, ...options })

/**
 * All keys, without their secrets.
 *
 * @param {{limit?: number, cursor?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Keys>}
 */
export const listKeys = (query = {}, options = {}) => call('GET', '/v1/keys', { query, ...options })

/**
 * All members, those whose time is over too.
 *
 * @param {{limit?: number, cursor?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Members>}
 */
export const listMembers = (query = {}, options = {}) => call('GET', '/v1/members', { query, ...options })

/**
 * The caller's notices, newest first, for half a year.
 *
 * @param {{limit?: number, cursor?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Notices>}
 */
export const listNotices = (query = {}, options = {}) => call('GET', '/v1/notices', { query, ...options })

/**
 * All roles; ready-made ones carry `key`.
 *
 * @param {{limit?: number, cursor?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Roles>}
 */
export const listRoles = (query = {}, options = {}) => call('GET', '/v1/roles', { query, ...options })

/**
 * One's own and the shared ones, each with how many assets it finds for the caller.
 *
 * @param {Options} [options]
 * @returns {Promise<SavedSearches>}
 */
export const listSearches = (options = {}) => call('GET', '/v1/searches', options)

/**
 * Where the caller is signed in.
 *
 * @param {Options} [options]
 * @returns {Promise<Sessions>}
 */
export const listSessions = (options = {}) => call('GET', '/v1/sessions', options)

/**
 * The approved images of a SKU in order.
 *
 * @param {string} sku
 * @param {{preset?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<SkuImages>}
 */
export const listSkuImages = (sku, query = {}, options = {}) => call('GET', `/v1/skus/${encodeURIComponent(sku)}/images`, { query, ...options })

/**
 * The board: each SKU with its shots in order, their approval, and the required shots that are missing.
 *
 * @param {{limit?: number, cursor?: string, sku?: string, missing?: string, not_live?: boolean}} [query]
 * @param {Options} [options]
 * @returns {Promise<Skus>}
 */
export const listSkus = (query = {}, options = {}) => call('GET', '/v1/skus', { query, ...options })

/**
 * Versions, newest first; those that are not shown only for who may see them.
 *
 * @param {string} assetId
 * @param {{limit?: number, cursor?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Versions>}
 */
export const listVersions = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/versions`, { query, ...options })

/**
 * Make a collection.
 *
 * @param {CollectionIn} body
 * @param {Options} [options]
 * @returns {Promise<Collection>}
 */
export const makeCollection = (body, options = {}) => call('POST', '/v1/collections', { body, ...options })

/**
 * Connect an outside system; its first run begins at once.
 *
 * @param {ConnectionIn} body
 * @param {Options} [options]
 * @returns {Promise<Connection>}
 */
export const makeConnection = (body, options = {}) => call('POST', '/v1/connections', { body, ...options })

/**
 * Make S3 keys that can only put files below the workspace's prefix. Ask again when they are over or refused.
 *
 * @param {DropIn} body
 * @param {Options} [options]
 * @returns {Promise<DropCredentials>}
 */
export const makeDropCredentials = (body, options = {}) => call('POST', '/v1/drop-credentials', { body, ...options })

/**
 * Make a key.
 *
 * @param {KeyIn} body
 * @param {Options} [options]
 * @returns {Promise<NewKey>}
 */
export const makeKey = (body, options = {}) => call('POST', '/v1/keys', { body, ...options })

/**
 * Make a role, with no more than the caller has.
 *
 * @param {RoleIn} body
 * @param {Options} [options]
 * @returns {Promise<Role>}
 */
export const makeRole = (body, options = {}) => call('POST', '/v1/roles', { body, ...options })

/**
 * Put the asset into the collection too.
 *
 * @param {string} collectionId
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const putIntoCollection = (collectionId, assetId, options = {}) => call('PUT', `/v1/collections/${encodeURIComponent(collectionId)}/assets/${encodeURIComponent(assetId)}`, options)

/**
 * Mark notices as read; ids that are not the caller's are passed over.
 *
 * @param {ReadIn} body
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const readNotices = (body, options = {}) => call('POST', '/v1/notices/read', { body, ...options })

/**
 * Reject a version, with a reason; an approved one is no longer approved.
 *
 * @param {string} assetId
 * @param {string} number
 * @param {Reason} body
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const rejectVersion = (assetId, number, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/versions/${encodeURIComponent(number)}/reject`, { body, ...options })

/**
 * Remove a person: their sessions and keys are refused from the next request on.
 *
 * @param {string} memberId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const removeMember = (memberId, options = {}) => call('DELETE', `/v1/members/${encodeURIComponent(memberId)}`, options)

/**
 * Say that a thread is not done after all.
 *
 * @param {string} commentId
 * @param {Options} [options]
 * @returns {Promise<Comment>}
 */
export const reopenComment = (commentId, options = {}) => call('POST', `/v1/comments/${encodeURIComponent(commentId)}/reopen`, options)

/**
 * Ask for changes to a version; an approved one is no longer approved.
 *
 * @param {string} assetId
 * @param {string} number
 * @param {ChangesIn} body
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const requestChanges = (assetId, number, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/versions/${encodeURIComponent(number)}/request-changes`, { body, ...options })

/**
 * Say that a thread is done, and in which version.
 *
 * @param {string} commentId
 * @param {ResolveIn} body
 * @param {Options} [options]
 * @returns {Promise<Comment>}
 */
export const resolveComment = (commentId, body, options = {}) => call('POST', `/v1/comments/${encodeURIComponent(commentId)}/resolve`, { body, ...options })

/**
 * Bring the asset back from the trash.
 *
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const restoreAsset = (assetId, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/restore`, options)

/**
 * Bring the collection back from the trash with all that went there with it.
 *
 * @param {string} collectionId
 * @param {Options} [options]
 * @returns {Promise<Collection>}
 */
export const restoreCollection = (collectionId, options = {}) => call('POST', `/v1/collections/${encodeURIComponent(collectionId)}/restore`, options)

/**
 * Take a quarantined arrival up again.
 *
 * @param {string} ingestId
 * @param {Options} [options]
 * @returns {Promise<Arrival>}
 */
export const retryArrival = (ingestId, options = {}) => call('POST', `/v1/ingest/${encodeURIComponent(ingestId)}/retry`, options)

/**
 * Revoke the key: it is refused from the next request on.
 *
 * @param {string} keyId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const revokeKey = (keyId, options = {}) => call('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`, options)

/**
 * Give the key another secret; the former one counts for `overlap_s` more.
 *
 * @param {string} keyId
 * @param {RotateIn} body
 * @param {Options} [options]
 * @returns {Promise<NewKey>}
 */
export const rotateKey = (keyId, body, options = {}) => call('POST', `/v1/keys/${encodeURIComponent(keyId)}/rotate`, { body, ...options })

/**
 * Keep a search.
 *
 * @param {SearchIn} body
 * @param {Options} [options]
 * @returns {Promise<SavedSearch>}
 */
export const saveSearch = (body, options = {}) => call('POST', '/v1/searches', { body, ...options })

/**
 * Assets that match a query and that the caller may view, with exact total and facets.
 *
 * @param {{q?: string, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position', limit?: number, from?: number, snapshot?: string, cursor?: string, facets?: string, fresh_for?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<Found>}
 */
export const searchAssets = (query = {}, options = {}) => call('GET', '/v1/search', { query, ...options })

/**
 * Replace the exceptions on the asset: an allow beats what its collections deny, a deny beats everything.
 *
 * @param {string} assetId
 * @param {GrantsIn} body
 * @param {Options} [options]
 * @returns {Promise<Grants>}
 */
export const setAssetGrants = (assetId, body, options = {}) => call('PUT', `/v1/assets/${encodeURIComponent(assetId)}/grants`, { body, ...options })

/**
 * Replace the grants on the collection; they hold for what is below, from the next request on.
 *
 * @param {string} collectionId
 * @param {GrantsIn} body
 * @param {Options} [options]
 * @returns {Promise<Grants>}
 */
export const setCollectionGrants = (collectionId, body, options = {}) => call('PUT', `/v1/collections/${encodeURIComponent(collectionId)}/grants`, { body, ...options })

/**
 * Set the rules, and read the names of all assets whose SKU nobody set anew.
 *
 * @param {RulesIn} body
 * @param {Options} [options]
 * @returns {Promise<chalicelib__handlers__connection_shapes__Started>}
 */
export const setNaming = (body, options = {}) => call('PUT', '/v1/naming', { body, ...options })

/**
 * Trade a one-time link's token for a session cookie.
 *
 * @param {SessionIn} body
 * @param {Options} [options]
 * @returns {Promise<SignedIn>}
 */
export const signIn = (body, options = {}) => call('POST', '/v1/sessions', { body, ...options })

/**
 * Addresses for more parts.
 *
 * @param {string} uploadId
 * @param {PartsIn} body
 * @param {Options} [options]
 * @returns {Promise<Parts>}
 */
export const signParts = (uploadId, body, options = {}) => call('POST', `/v1/uploads/${encodeURIComponent(uploadId)}/parts`, { body, ...options })

/**
 * Run it now instead of when it is due.
 *
 * @param {string} connectionId
 * @param {Options} [options]
 * @returns {Promise<chalicelib__handlers__connection_shapes__Started>}
 */
export const startConnection = (connectionId, options = {}) => call('POST', `/v1/connections/${encodeURIComponent(connectionId)}/run`, options)

/**
 * What a half-written word could become, of what the caller may view.
 *
 * @param {{q?: string, limit?: number}} [query]
 * @param {Options} [options]
 * @returns {Promise<Suggestions>}
 */
export const suggest = (query = {}, options = {}) => call('GET', '/v1/search/suggest', { query, ...options })

/**
 * Take the asset out of the collection; it stays in at least one.
 *
 * @param {string} collectionId
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const takeOutOfCollection = (collectionId, assetId, options = {}) => call('DELETE', `/v1/collections/${encodeURIComponent(collectionId)}/assets/${encodeURIComponent(assetId)}`, options)

/**
 * Put the asset into the trash.
 *
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const trashAsset = (assetId, options = {}) => call('DELETE', `/v1/assets/${encodeURIComponent(assetId)}`, options)

/**
 * Put the collection, what is below, and the assets that are only there into the trash.
 *
 * @param {string} collectionId
 * @param {Options} [options]
 * @returns {Promise<null>}
 */
export const trashCollection = (collectionId, options = {}) => call('DELETE', `/v1/collections/${encodeURIComponent(collectionId)}`, options)

/**
 * What these names would say; nothing is changed.
 *
 * @param {Trial} body
 * @param {Options} [options]
 * @returns {Promise<Tried>}
 */
export const tryNaming = (body, options = {}) => call('POST', '/v1/naming/try', { body, ...options })

/**
 * Bring the asset back into daily work.
 *
 * @param {string} assetId
 * @param {Options} [options]
 * @returns {Promise<Asset>}
 */
export const unarchiveAsset = (assetId, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/unarchive`, options)

/**
 * Compare the trail with its seals: finds entries that were changed, taken out or put in.
 *
 * @param {{from?: string, to?: string}} [query]
 * @param {Options} [options]
 * @returns {Promise<AuditReport>}
 */
export const verifyAudit = (query = {}, options = {}) => call('GET', '/v1/audit/verify', { query, ...options })

/**
 * Take a request back; only who made it can, or a manager of the library.
 *
 * @param {string} approvalId
 * @param {Options} [options]
 * @returns {Promise<Approval>}
 */
export const withdrawApproval = (approvalId, options = {}) => call('POST', `/v1/approvals/${encodeURIComponent(approvalId)}/withdraw`, options)
