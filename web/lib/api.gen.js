// @ts-check
// The API, as its document says. Written by `make docs` from docs/openapi.json; `make check` compares.
import { call } from './http.js'

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {string} [etag] What the change is based on: sent as `If-Match`.
 * @property {string} [key] Repeats with this key are done once: sent as `Idempotency-Key`.
 */

/** @typedef {{kind: 'point' | 'box' | 'time' | 'page', x?: number, y?: number, w?: number, h?: number, time_s?: number, page?: number}} Anchor */

/** @typedef {{kind: 'point' | 'box' | 'time' | 'page', x?: number | null, y?: number | null, w?: number | null, h?: number | null, time_s?: number | null, page?: number | null}} AnchorIn */

/** @typedef {{decision: string}} AnswerIn */

/** @typedef {{id: string, by: string | null, at: string, items: ApprovalItem[], approver_ids: string[], rule: 'any' | 'all' | AtLeastOutput, due_at: string | null, note: string | null, state: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'}} Approval */

/** @typedef {{items: ItemIn[], approver_ids: string[], rule?: 'any' | 'all' | AtLeastInput, due_at?: string | null, note?: string | null}} ApprovalIn */

/** @typedef {{asset_id: string, version: number, state: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn', decisions: Decision[]}} ApprovalItem */

/** @typedef {{next: string | null, items: Approval[]}} Approvals */

/** @typedef {{note?: string | null}} ApproveIn */

/** @typedef {{collection_id: string, move: boolean}} ApprovedTo */

/** @typedef {{collection_id: string, move?: boolean}} ApprovedToIn */

/** @typedef {{id: string, file_name: string, source: string, state: 'pending' | 'processing' | 'done' | 'quarantined', reason: string | null, asset_id: string | null, version: number | null, token: string | null, arrived_at: string}} Arrival */

/** @typedef {{next: string | null, items: Arrival[]}} Arrivals */

/** @typedef {{id: string, name: string, title: string | null, type: 'image' | 'video' | 'document' | 'audio' | 'other', width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null, shown_version: number | null, newest_version: number | null, state: 'live' | 'archived' | 'trashed', description: string | null, keywords: string[], auto_tags: AutoTag[], colors: Color[], collections: Home[], skus: string[], alt: string | null, position: number | null, shot_type: string | null, rating: number | null, responsible_id: string | null, available_from: string | null, available_until: string | null, restriction: Restriction | null, archived_because: string | null, orientation: string | null, aspect: string | null, background: string | null, sources: Source[], format: string | null, size_bytes: number | null, sha256: string | null, captured_at: string | null, camera: Camera | null, gps: Gps | null, created_at: string | null, updated_at: string | null, approved_version: number | null, duplicate_of: string | null, renditions: Rendition[], no_picture_because: string | null, usable: Usable[], custom: Record<string, any>, etag: string}} Asset */

/** @typedef {{name?: string, title?: string | null, description?: string | null, alt?: string | null, keywords?: string[] | null, skus?: string[] | null, position?: number | null, shot_type?: string | null, custom?: Record<string, string | number | boolean | string[] | null> | null, rating?: number | null, responsible_id?: string | null, available_from?: string | null, available_until?: string | null, restriction?: RestrictionIn | null}} AssetPatch */

/** @typedef {{next: string | null, items: SlimAsset[]}} Assets */

/** @typedef {{at_least: number}} AtLeastInput */

/** @typedef {{at_least: number}} AtLeastOutput */

/** @typedef {{next: string | null, items: AuditEntry[]}} AuditEntries */

/** @typedef {{id: string, at: string, actor: string, action: string, subject: string, result: 'ok' | 'refused' | 'failed', batch_id?: string, before?: any, after?: any, detail: Record<string, any>}} AuditEntry */

/** @typedef {{kind: 'changed' | 'missing' | 'inserted' | 'seal_broken' | 'file_missing', hour: string, entry_id: string | null}} AuditFault */

/** @typedef {{ok: boolean, sealed_until: string | null, checked_from: string | null, checked_until: string | null, entries: number, faults: AuditFault[], next: string | null}} AuditReport */

/** @typedef {{name: string, confidence: number, model: string}} AutoTag */

/** @typedef {{rule: string, role_id: string | null, collection_id: string | null, right: Right | null}} Because */

/** @typedef {{id: string, part_size_bytes: number, parts: Part[], expires_at: string}} BegunUpload */

/** @typedef {{make?: string, model?: string, lens?: string}} Camera */

/** @typedef {{kind: string, id: string, change: 'upserted' | 'gone'}} Change */

/** @typedef {{items: Change[], next: string}} Changes */

/** @typedef {{note: string}} ChangesIn */

/** @typedef {{id: string, name: string, path: string, parent_id: string | null, has_children: boolean, asset_count: number | null, rights: Right[], policy: Policy, state: 'live' | 'trashed', etag: string}} Collection */

/** @typedef {{name: string, parent_id?: string | null, policy?: PolicyIn | null}} CollectionIn */

/** @typedef {{name?: string, parent_id?: string | null, policy?: PolicyIn | null}} CollectionPatch */

/** @typedef {{next: string | null, items: Collection[]}} Collections */

/** @typedef {{name: string, hex: string, share: number}} Color */

/** @typedef {{id: string, asset_id: string, version: number, by: string, at: string, edited_at: string | null, body: string | null, anchor: Anchor | null, parent_id: string | null, deleted: boolean, carried: boolean, resolved: Resolution | null, etag: string}} Comment */

/** @typedef {{version: number, body: string, anchor?: AnchorIn | null, parent_id?: string | null}} CommentIn */

/** @typedef {{body: string}} CommentPatch */

/** @typedef {{next: string | null, items: Comment[]}} Comments */

/** @typedef {{parts?: PartIn[] | null}} CompleteIn */

/** @typedef {{ingest_id: string}} CompletedUpload */

/** @typedef {{id: string, kind: 'drive' | 'shopify', name: string, settings: Record<string, any>, state: 'ok' | 'needs_reconnect' | 'needs_decision' | 'error', because: string | null, question: Question | null, running: boolean, last_run: string | null, next_run: string | null, created_at: string, etag: string}} Connection */

/** @typedef {{kind: 'drive' | 'shopify', name: string, settings: Record<string, any>, credentials: Record<string, any>}} ConnectionIn */

/** @typedef {{name?: string, settings?: Record<string, any>, credentials?: Record<string, any>}} ConnectionPatch */

/** @typedef {{id: string, state: 'running' | 'done' | 'failed', by: string, started_at: string, ended_at: string | null, done: number, total: number | null, because: string | null, counts: Record<string, number>, log: Line[]}} ConnectionRun */

/** @typedef {{next: string | null, items: ConnectionRun[]}} ConnectionRuns */

/** @typedef {{next: string | null, items: Connection[]}} Connections */

/** @typedef {{by: string, decision: 'approve' | 'reject' | 'request_changes', note: string | null, at: string}} Decision */

/** @typedef {{asset_id: string, decision: 'approve' | 'reject' | 'request_changes', note?: string | null, version?: number | null}} DecisionIn */

/** @typedef {{openapi: string, info: Record<string, any>, paths: Record<string, any>, components: Record<string, any>}} Document */

/** @typedef {{url: string, expires_at: string, file_name: string, version: number, size_bytes: number}} Download */

/** @typedef {{access_key: string, secret_key: string, session_token: string, endpoint: string, bucket: string, prefix: string, expires_at: string}} DropCredentials */

/** @typedef {{expires_s?: number}} DropIn */

/** @typedef {{role_id?: string | null, member_id?: string | null, allow?: Right[], deny?: Right[]}} ExceptionIn */

/** @typedef {{right: Right, role_id?: string | null, member_id?: string | null, key_id?: string | null, asset_id?: string | null, collection_id?: string | null}} ExplainIn */

/** @typedef {{allowed: boolean, because: Because[]}} Explanation */

/** @typedef {{format?: 'csv' | 'jsonl', subject?: string | null, actor?: string | null, action?: string | null, from?: string | null, to?: string | null}} ExportIn */

/** @typedef {{value: string, count: number, label?: string}} FacetValue */

/** @typedef {{next: string | null, items: SlimAsset[], total: number, facets: Record<string, FacetValue[]>, snapshot: string, fresh: boolean | null, took_ms: number}} Found */

/** @typedef {{lat: number, lon: number, alt_m?: number}} Gps */

/** @typedef {{collection_id: string | null, allow?: Right[], deny?: Right[]}} GrantIn */

/** @typedef {{grants: ThingGrant[], etag: string}} Grants */

/** @typedef {{grants: ExceptionIn[]}} GrantsIn */

/** @typedef {{status: 'ok', version: string}} Health */

/** @typedef {{id: string, path: string}} Home */

/** @typedef {{asset_id: string, version?: number | null}} ItemIn */

/** @typedef {{id: string, kind: string, state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled', by: string, created_at: string, done: number, total: number | null, errors: JobError[], result: Record<string, any> | null, undo_until: string | null}} Job */

/** @typedef {{subject: string, code: string, detail: string}} JobError */

/** @typedef {{next: string | null, items: Job[]}} Jobs */

/** @typedef {{id: string, prefix: string, name: string, role_ids: string[] | null, rights: Right[] | null, collection_ids: string[] | null, created_by: string, created_at: string, expires_at: string | null, last_used_at: string | null}} Key */

/** @typedef {{name: string, role_ids?: string[] | null, rights?: Right[] | null, collection_ids?: string[] | null, expires_at?: string | null}} KeyIn */

/** @typedef {{next: string | null, items: Key[]}} Keys */

/** @typedef {{at: string, text: string, subject: string | null, trouble: boolean}} Line */

/** @typedef {{asked: true}} LinkAsked */

/** @typedef {{email: string}} LinkIn */

/** @typedef {{principal: Principal, workspace: MyWorkspace, role_ids: string[], rights: Right[]}} Me */

/** @typedef {{id: string, email: string, name: string, role_ids: string[], created_at: string, expires_at: string | null, etag: string}} Member */

/** @typedef {{email: string, name: string, role_ids?: string[], expires_at?: string | null}} MemberIn */

/** @typedef {{email?: string, name?: string, role_ids?: string[] | null, expires_at?: string | null}} MemberPatch */

/** @typedef {{next: string | null, items: Member[]}} Members */

/** @typedef {{id: string, name: string}} MyWorkspace */

/** @typedef {{name: string, skus: string[], position: number | null, shot_type: string | null, rule: string | null}} NameSaid */

/** @typedef {{rules: NamingRule[]}} Naming */

/** @typedef {{pattern: string, needs_digit: boolean}} NamingRule */

/** @typedef {{id: string, prefix: string, name: string, role_ids: string[] | null, rights: Right[] | null, collection_ids: string[] | null, created_by: string, created_at: string, expires_at: string | null, last_used_at: string | null, key: string}} NewKey */

/** @typedef {{id: string, at: string, kind: 'approval.requested' | 'version.pending' | 'version.decided' | 'comment.mention' | 'comment.reply', subject: string, version: number | null, by: string | null, text: string, link: string, read: boolean}} Notice */

/** @typedef {{next: string | null, items: Notice[]}} Notices */

/** @typedef {{number: number, url: string, headers: Record<string, string>}} Part */

/** @typedef {{number: number, etag?: string | null}} PartIn */

/** @typedef {{parts: Part[]}} Parts */

/** @typedef {{numbers: number[]}} PartsIn */

/** @typedef {{unapproved: 'newest' | 'block', uploads: 'accept' | 'pending', required_fields: string[], auto_tags: boolean, approved_to: ApprovedTo | null}} Policy */

/** @typedef {{unapproved?: 'newest' | 'block' | null, uploads?: 'accept' | 'pending' | null, required_fields?: string[] | null, auto_tags?: boolean | null, approved_to?: ApprovedToIn | null}} PolicyIn */

/** @typedef {{id: string, name: string, channel: string | null, width_px: number, height_px: number, mode: 'fit' | 'fill' | 'pad', format: 'jpeg' | 'png' | 'webp', quality: number, max_bytes: number | null, background: string, file_name: string, etag: string}} Preset */

/** @typedef {{name: string, width_px: number, height_px: number, mode?: 'fit' | 'fill' | 'pad', format?: 'jpeg' | 'png' | 'webp', quality?: number, max_bytes?: number | null, background?: string, file_name?: string, channel?: string | null}} PresetIn */

/** @typedef {{name?: string, width_px?: number, height_px?: number, mode?: 'fit' | 'fill' | 'pad', format?: 'jpeg' | 'png' | 'webp', quality?: number, max_bytes?: number | null, background?: string, file_name?: string}} PresetPatch */

/** @typedef {{next: string | null, items: Preset[]}} Presets */

/** @typedef {{id: string, kind: string, name: string}} Principal */

/** @typedef {{type: string, title: string, status: number, detail: string, code: string, request_id: string, fields?: Record<string, string>, position?: number}} Problem */

/** @typedef {{code: string, text: string, choices: string[]}} Question */

/** @typedef {{ids: string[]}} ReadIn */

/** @typedef {{reason: string}} Reason */

/** @typedef {{name: 'large' | 'medium' | 'small', url: string, width_px: number, height_px: number, format: string, size_bytes: number}} Rendition */

/** @typedef {{by: string, at: string, version: number}} Resolution */

/** @typedef {{version: number}} ResolveIn */

/** @typedef {{reason: string, from: string | null, until: string | null}} Restriction */

/** @typedef {{reason?: string | null, from?: string | null, until?: string | null}} RestrictionIn */

/** @typedef {'see' | 'view' | 'download' | 'download_original' | 'download_unapproved' | 'comment' | 'upload' | 'edit' | 'submit' | 'approve' | 'share' | 'move' | 'archive' | 'delete' | 'manage'} Right */

/** @typedef {{id: string, name: string, key: string | null, grants: RoleGrant[], etag: string}} Role */

/** @typedef {{collection_id: string | null, allow: Right[], deny: Right[]}} RoleGrant */

/** @typedef {{name: string, grants?: GrantIn[]}} RoleIn */

/** @typedef {{name?: string, grants?: GrantIn[] | null}} RolePatch */

/** @typedef {{next: string | null, items: Role[]}} Roles */

/** @typedef {{overlap_s?: number}} RotateIn */

/** @typedef {{pattern: string, needs_digit?: boolean}} RuleIn */

/** @typedef {{rules: RuleIn[]}} RulesIn */

/** @typedef {{id: string, name: string, q: string, sort: string | null, shared: boolean, by: string, count: number | null, created_at: string, etag: string}} SavedSearch */

/** @typedef {{next: string | null, items: SavedSearch[]}} SavedSearches */

/** @typedef {{name: string, q: string, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position' | null, shared?: boolean}} SearchIn */

/** @typedef {{name?: string | null, q?: string | null, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position' | null, shared?: boolean | null}} SearchPatch */

/** @typedef {{kind: 'member' | 'role', id: string, name: string, rights: Right[]}} Seer */

/** @typedef {{next: string | null, items: Seer[]}} Seers */

/** @typedef {{id: string, created_at: string, expires_at: string, current: boolean}} Session */

/** @typedef {{token: string}} SessionIn */

/** @typedef {{next: string | null, items: Session[]}} Sessions */

/** @typedef {{id: string, name: string | null, url: string, token: string, target: ShareTarget, switches: Switches, download: 'preview' | 'approved' | 'original', has_password: boolean, starts_at: string | null, expires_at: string | null, max_px: number | null, created_by: string, created_at: string, state: 'early' | 'open' | 'over' | 'revoked', etag: string}} Share */

/** @typedef {{target: TargetIn, switches: SwitchesIn, download?: 'preview' | 'approved' | 'original', password?: string | null, starts_at?: string | null, expires_at?: string | null, max_px?: number | null, watermark?: any, name?: string | null}} ShareIn */

/** @typedef {{switches?: SwitchesIn, download?: 'preview' | 'approved' | 'original', password?: string | null, starts_at?: string | null, expires_at?: string | null, max_px?: number | null, watermark?: any, name?: string | null}} SharePatch */

/** @typedef {{session: string, expires_at: string, workspace: string, share: VisitedShare}} ShareSession */

/** @typedef {{token: string, password?: string | null, name?: string | null, email?: string | null}} ShareSessionIn */

/** @typedef {{opens: number, downloads: number, opened_at: string | null, downloaded_at: string | null}} ShareStats */

/** @typedef {{kind: 'assets' | 'collection' | 'search', asset_ids: string[] | null, collection_id: string | null, q: string | null, frozen: boolean}} ShareTarget */

/** @typedef {{next: string | null, items: Share[]}} Shares */

/** @typedef {{asset_id: string, name: string, position: number | null, shot_type: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested', approved: boolean, thumb_url: string | null, thumbhash: string | null}} Shot */

/** @typedef {{signed_in: true}} SignedIn */

/** @typedef {{sku: string, shots: Shot[], missing: string[]}} SkuBoard */

/** @typedef {{asset_id: string, position: number | null, shot_type: string | null, url: string, width_px: number, height_px: number, alt: string | null}} SkuImage */

/** @typedef {{next: string | null, items: SkuImage[]}} SkuImages */

/** @typedef {{next: string | null, items: SkuBoard[]}} Skus */

/** @typedef {{id: string, name: string, title: string | null, type: 'image' | 'video' | 'document' | 'audio' | 'other', width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null, shown_version: number | null, newest_version: number | null, state: 'live' | 'archived' | 'trashed'}} SlimAsset */

/** @typedef {{kind: string, connection_id: string | null, path: string, state: 'linked' | 'detached' | 'trashed', because: string | null}} Source */

/** @typedef {{job_id: string}} Started */

/** @typedef {{kind: 'term' | 'keyword' | 'sku' | 'collection' | 'search', text: string, count: number, id?: string, q?: string}} Suggestion */

/** @typedef {{items: Suggestion[]}} Suggestions */

/** @typedef {{view: boolean, comment: boolean, upload: boolean, download: boolean, approve: boolean}} Switches */

/** @typedef {{view?: boolean, comment?: boolean, upload?: boolean, download?: boolean, approve?: boolean}} SwitchesIn */

/** @typedef {{asset_ids?: string[] | null, collection_id?: string | null, q?: string | null, frozen?: boolean}} TargetIn */

/** @typedef {{collections: Collection[]}} Template */

/** @typedef {{name: 'ecommerce'}} TemplateIn */

/** @typedef {{role_id?: string, member_id?: string, allow: Right[], deny: Right[]}} ThingGrant */

/** @typedef {{names: string[], rules?: RuleIn[] | null}} Trial */

/** @typedef {{items: NameSaid[]}} Tried */

/** @typedef {{id: string, file_name: string, part_size_bytes: number, arrived: number[], ingest_id: string | null, expires_at: string}} Upload */

/** @typedef {{file_name: string, size_bytes: number, content_type?: string | null, sha256?: string | null, collection_id?: string | null, collection_path?: string | null, asset_id?: string | null, note?: string | null, fields?: AssetPatch | null}} UploadIn */

/** @typedef {{channel: string, usable: boolean, because: string[]}} Usable */

/** @typedef {{items: Usable[]}} Verdicts */

/** @typedef {{number: number, at: string, by: string | null, note: string | null, sha256: string, size_bytes: number, width_px: number | null, height_px: number | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested', thumb_url: string | null, renditions: Rendition[]}} Version */

/** @typedef {{next: string | null, items: Version[]}} Versions */

/** @typedef {{id: string, name: string | null, kind: 'assets' | 'collection' | 'search', collection_id: string | null, switches: Switches, download: 'preview' | 'approved' | 'original', max_px: number | null, expires_at: string | null}} VisitedShare */

/** @typedef {{id: string, name: string, self_approval: boolean, required_shots: string[], created_at: string, etag: string}} Workspace */

/** @typedef {{name?: string, self_approval?: boolean | null, required_shots?: string[] | null}} WorkspacePatch */

/** @type {(assetId: string, body: CommentIn, options?: Options) => Promise<Comment>} */
export const addComment = (assetId, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/comments`, { body, ...options })

/** @type {(body: MemberIn, options?: Options) => Promise<Member>} */
export const addMember = (body, options = {}) => call('POST', '/v1/members', { body, ...options })

/** @type {(body: TemplateIn, options?: Options) => Promise<Template>} */
export const applyTemplate = (body, options = {}) => call('POST', '/v1/workspace/template', { body, ...options })

/** @type {(assetId: string, number: string, body: ApproveIn, options?: Options) => Promise<Asset>} */
export const approveVersion = (assetId, number, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/versions/${encodeURIComponent(number)}/approve`, { body, ...options })

/** @type {(assetId: string, body: Reason, options?: Options) => Promise<Asset>} */
export const archiveAsset = (assetId, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/archive`, { body, ...options })

/** @type {(body: ApprovalIn, options?: Options) => Promise<Approval>} */
export const askApproval = (body, options = {}) => call('POST', '/v1/approvals', { body, ...options })

/** @type {(body: LinkIn, options?: Options) => Promise<LinkAsked>} */
export const askForLink = (body, options = {}) => call('POST', '/v1/sign-in/links', { body, ...options })

/** @type {(body: UploadIn, options?: Options) => Promise<BegunUpload>} */
export const beginUpload = (body, options = {}) => call('POST', '/v1/uploads', { body, ...options })

/** @type {(jobId: string, options?: Options) => Promise<Job>} */
export const cancelJob = (jobId, options = {}) => call('POST', `/v1/jobs/${encodeURIComponent(jobId)}/cancel`, options)

/** @type {(connectionId: string, body: ConnectionPatch, options?: Options) => Promise<Connection>} */
export const changeConnection = (connectionId, body, options = {}) => call('PATCH', `/v1/connections/${encodeURIComponent(connectionId)}`, { body, ...options })

/** @type {(memberId: string, body: MemberPatch, options?: Options) => Promise<Member>} */
export const changeMember = (memberId, body, options = {}) => call('PATCH', `/v1/members/${encodeURIComponent(memberId)}`, { body, ...options })

/** @type {(presetId: string, body: PresetPatch, options?: Options) => Promise<Preset>} */
export const changePreset = (presetId, body, options = {}) => call('PATCH', `/v1/presets/${encodeURIComponent(presetId)}`, { body, ...options })

/** @type {(roleId: string, body: RolePatch, options?: Options) => Promise<Role>} */
export const changeRole = (roleId, body, options = {}) => call('PATCH', `/v1/roles/${encodeURIComponent(roleId)}`, { body, ...options })

/** @type {(searchId: string, body: SearchPatch, options?: Options) => Promise<SavedSearch>} */
export const changeSearch = (searchId, body, options = {}) => call('PATCH', `/v1/searches/${encodeURIComponent(searchId)}`, { body, ...options })

/** @type {(shareId: string, body: SharePatch, options?: Options) => Promise<Share>} */
export const changeShare = (shareId, body, options = {}) => call('PATCH', `/v1/shares/${encodeURIComponent(shareId)}`, { body, ...options })

/** @type {(body: WorkspacePatch, options?: Options) => Promise<Workspace>} */
export const changeWorkspace = (body, options = {}) => call('PATCH', '/v1/workspace', { body, ...options })

/** @type {(connectionId: string, options?: Options) => Promise<Connection>} */
export const checkConnection = (connectionId, options = {}) => call('POST', `/v1/connections/${encodeURIComponent(connectionId)}/check`, options)

/** @type {(uploadId: string, body: CompleteIn, options?: Options) => Promise<CompletedUpload>} */
export const completeUpload = (uploadId, body, options = {}) => call('POST', `/v1/uploads/${encodeURIComponent(uploadId)}/complete`, { body, ...options })

/** @type {(approvalId: string, body: DecisionIn, options?: Options) => Promise<Approval>} */
export const decideApproval = (approvalId, body, options = {}) => call('POST', `/v1/approvals/${encodeURIComponent(approvalId)}/decisions`, { body, ...options })

/** @type {(connectionId: string, body: AnswerIn, options?: Options) => Promise<Connection>} */
export const decideConnection = (connectionId, body, options = {}) => call('POST', `/v1/connections/${encodeURIComponent(connectionId)}/decide`, { body, ...options })

/** @type {(commentId: string, options?: Options) => Promise<null>} */
export const deleteComment = (commentId, options = {}) => call('DELETE', `/v1/comments/${encodeURIComponent(commentId)}`, options)

/** @type {(connectionId: string, options?: Options) => Promise<null>} */
export const deleteConnection = (connectionId, options = {}) => call('DELETE', `/v1/connections/${encodeURIComponent(connectionId)}`, options)

/** @type {(presetId: string, options?: Options) => Promise<null>} */
export const deletePreset = (presetId, options = {}) => call('DELETE', `/v1/presets/${encodeURIComponent(presetId)}`, options)

/** @type {(roleId: string, options?: Options) => Promise<null>} */
export const deleteRole = (roleId, options = {}) => call('DELETE', `/v1/roles/${encodeURIComponent(roleId)}`, options)

/** @type {(searchId: string, options?: Options) => Promise<null>} */
export const deleteSearch = (searchId, options = {}) => call('DELETE', `/v1/searches/${encodeURIComponent(searchId)}`, options)

/** @type {(assetId: string, query?: {version?: number, preset?: string, original?: boolean, redirect?: boolean}, options?: Options) => Promise<Download>} */
export const downloadAsset = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/download`, { query, ...options })

/** @type {(assetId: string, body: AssetPatch, options?: Options) => Promise<Asset>} */
export const editAsset = (assetId, body, options = {}) => call('PATCH', `/v1/assets/${encodeURIComponent(assetId)}`, { body, ...options })

/** @type {(collectionId: string, body: CollectionPatch, options?: Options) => Promise<Collection>} */
export const editCollection = (collectionId, body, options = {}) => call('PATCH', `/v1/collections/${encodeURIComponent(collectionId)}`, { body, ...options })

/** @type {(commentId: string, body: CommentPatch, options?: Options) => Promise<Comment>} */
export const editComment = (commentId, body, options = {}) => call('PATCH', `/v1/comments/${encodeURIComponent(commentId)}`, { body, ...options })

/** @type {(sessionId: string, options?: Options) => Promise<null>} */
export const endSession = (sessionId, options = {}) => call('DELETE', `/v1/sessions/${encodeURIComponent(sessionId)}`, options)

/** @type {(body: ExplainIn, options?: Options) => Promise<Explanation>} */
export const explainAccess = (body, options = {}) => call('POST', '/v1/access/explain', { body, ...options })

/** @type {(body: ExportIn, options?: Options) => Promise<Started>} */
export const exportAudit = (body, options = {}) => call('POST', '/v1/audit/export', { body, ...options })

/** @type {(query: {preset?: string, sku: string}, options?: Options) => Promise<SkuImages>} */
export const findSkuImages = (query, options = {}) => call('GET', '/v1/sku-images', { query, ...options })

/** @type {(assetId: string, options?: Options) => Promise<Seers>} */
export const getAccess = (assetId, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/access`, options)

/** @type {(approvalId: string, options?: Options) => Promise<Approval>} */
export const getApproval = (approvalId, options = {}) => call('GET', `/v1/approvals/${encodeURIComponent(approvalId)}`, options)

/** @type {(ingestId: string, options?: Options) => Promise<Arrival>} */
export const getArrival = (ingestId, options = {}) => call('GET', `/v1/ingest/${encodeURIComponent(ingestId)}`, options)

/** @type {(assetId: string, options?: Options) => Promise<Asset>} */
export const getAsset = (assetId, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}`, options)

/** @type {(assetId: string, options?: Options) => Promise<Grants>} */
export const getAssetGrants = (assetId, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/grants`, options)

/** @type {(collectionId: string, options?: Options) => Promise<Collection>} */
export const getCollection = (collectionId, options = {}) => call('GET', `/v1/collections/${encodeURIComponent(collectionId)}`, options)

/** @type {(collectionId: string, options?: Options) => Promise<Grants>} */
export const getCollectionGrants = (collectionId, options = {}) => call('GET', `/v1/collections/${encodeURIComponent(collectionId)}/grants`, options)

/** @type {(connectionId: string, options?: Options) => Promise<Connection>} */
export const getConnection = (connectionId, options = {}) => call('GET', `/v1/connections/${encodeURIComponent(connectionId)}`, options)

/** @type {(options?: Options) => Promise<Document>} */
export const getDocument = (options = {}) => call('GET', '/v1/openapi.json', options)

/** @type {(options?: Options) => Promise<Health>} */
export const getHealth = (options = {}) => call('GET', '/v1/health', options)

/** @type {(jobId: string, options?: Options) => Promise<Job>} */
export const getJob = (jobId, options = {}) => call('GET', `/v1/jobs/${encodeURIComponent(jobId)}`, options)

/** @type {(keyId: string, options?: Options) => Promise<Key>} */
export const getKey = (keyId, options = {}) => call('GET', `/v1/keys/${encodeURIComponent(keyId)}`, options)

/** @type {(options?: Options) => Promise<Me>} */
export const getMe = (options = {}) => call('GET', '/v1/me', options)

/** @type {(memberId: string, options?: Options) => Promise<Member>} */
export const getMember = (memberId, options = {}) => call('GET', `/v1/members/${encodeURIComponent(memberId)}`, options)

/** @type {(options?: Options) => Promise<Naming>} */
export const getNaming = (options = {}) => call('GET', '/v1/naming', options)

/** @type {(presetId: string, options?: Options) => Promise<Preset>} */
export const getPreset = (presetId, options = {}) => call('GET', `/v1/presets/${encodeURIComponent(presetId)}`, options)

/** @type {(roleId: string, options?: Options) => Promise<Role>} */
export const getRole = (roleId, options = {}) => call('GET', `/v1/roles/${encodeURIComponent(roleId)}`, options)

/** @type {(searchId: string, options?: Options) => Promise<SavedSearch>} */
export const getSearch = (searchId, options = {}) => call('GET', `/v1/searches/${encodeURIComponent(searchId)}`, options)

/** @type {(shareId: string, options?: Options) => Promise<Share>} */
export const getShare = (shareId, options = {}) => call('GET', `/v1/shares/${encodeURIComponent(shareId)}`, options)

/** @type {(shareId: string, options?: Options) => Promise<ShareStats>} */
export const getShareStats = (shareId, options = {}) => call('GET', `/v1/shares/${encodeURIComponent(shareId)}/stats`, options)

/** @type {(sku: string, options?: Options) => Promise<SkuBoard>} */
export const getSku = (sku, options = {}) => call('GET', `/v1/skus/${encodeURIComponent(sku)}`, options)

/** @type {(uploadId: string, options?: Options) => Promise<Upload>} */
export const getUpload = (uploadId, options = {}) => call('GET', `/v1/uploads/${encodeURIComponent(uploadId)}`, options)

/** @type {(assetId: string, query?: {channel?: string}, options?: Options) => Promise<Verdicts>} */
export const getUsable = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/usable`, { query, ...options })

/** @type {(options?: Options) => Promise<Workspace>} */
export const getWorkspace = (options = {}) => call('GET', '/v1/workspace', options)

/** @type {(query?: {limit?: number, cursor?: string, assigned?: 'me', state?: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'}, options?: Options) => Promise<Approvals>} */
export const listApprovals = (query = {}, options = {}) => call('GET', '/v1/approvals', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string, state?: 'pending' | 'processing' | 'done' | 'quarantined'}, options?: Options) => Promise<Arrivals>} */
export const listArrivals = (query = {}, options = {}) => call('GET', '/v1/ingest', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string, collection_id?: string, name?: string, sort?: 'name' | '-name' | 'uploaded' | '-uploaded'}, options?: Options) => Promise<Assets>} */
export const listAssets = (query = {}, options = {}) => call('GET', '/v1/assets', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string, subject?: string, actor?: string, action?: string, from?: string, to?: string}, options?: Options) => Promise<AuditEntries>} */
export const listAudit = (query = {}, options = {}) => call('GET', '/v1/audit', { query, ...options })

/** @type {(query?: {since?: string}, options?: Options) => Promise<Changes>} */
export const listChanges = (query = {}, options = {}) => call('GET', '/v1/changes', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string, parent_id?: string, state?: 'live' | 'trashed'}, options?: Options) => Promise<Collections>} */
export const listCollections = (query = {}, options = {}) => call('GET', '/v1/collections', { query, ...options })

/** @type {(assetId: string, query?: {limit?: number, cursor?: string, version?: number, state?: 'open' | 'resolved'}, options?: Options) => Promise<Comments>} */
export const listComments = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/comments`, { query, ...options })

/** @type {(connectionId: string, query?: {limit?: number, cursor?: string}, options?: Options) => Promise<ConnectionRuns>} */
export const listConnectionRuns = (connectionId, query = {}, options = {}) => call('GET', `/v1/connections/${encodeURIComponent(connectionId)}/runs`, { query, ...options })

/** @type {(options?: Options) => Promise<Connections>} */
export const listConnections = (options = {}) => call('GET', '/v1/connections', options)

/** @type {(query?: {limit?: number, cursor?: string, state?: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'}, options?: Options) => Promise<Jobs>} */
export const listJobs = (query = {}, options = {}) => call('GET', '/v1/jobs', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string}, options?: Options) => Promise<Keys>} */
export const listKeys = (query = {}, options = {}) => call('GET', '/v1/keys', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string}, options?: Options) => Promise<Members>} */
export const listMembers = (query = {}, options = {}) => call('GET', '/v1/members', { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string}, options?: Options) => Promise<Notices>} */
export const listNotices = (query = {}, options = {}) => call('GET', '/v1/notices', { query, ...options })

/** @type {(options?: Options) => Promise<Presets>} */
export const listPresets = (options = {}) => call('GET', '/v1/presets', options)

/** @type {(query?: {limit?: number, cursor?: string}, options?: Options) => Promise<Roles>} */
export const listRoles = (query = {}, options = {}) => call('GET', '/v1/roles', { query, ...options })

/** @type {(options?: Options) => Promise<SavedSearches>} */
export const listSearches = (options = {}) => call('GET', '/v1/searches', options)

/** @type {(options?: Options) => Promise<Sessions>} */
export const listSessions = (options = {}) => call('GET', '/v1/sessions', options)

/** @type {(query?: {limit?: number, cursor?: string}, options?: Options) => Promise<Shares>} */
export const listShares = (query = {}, options = {}) => call('GET', '/v1/shares', { query, ...options })

/** @type {(sku: string, query?: {preset?: string}, options?: Options) => Promise<SkuImages>} */
export const listSkuImages = (sku, query = {}, options = {}) => call('GET', `/v1/skus/${encodeURIComponent(sku)}/images`, { query, ...options })

/** @type {(query?: {limit?: number, cursor?: string, sku?: string, missing?: string, not_live?: boolean}, options?: Options) => Promise<Skus>} */
export const listSkus = (query = {}, options = {}) => call('GET', '/v1/skus', { query, ...options })

/** @type {(assetId: string, query?: {limit?: number, cursor?: string}, options?: Options) => Promise<Versions>} */
export const listVersions = (assetId, query = {}, options = {}) => call('GET', `/v1/assets/${encodeURIComponent(assetId)}/versions`, { query, ...options })

/** @type {(body: CollectionIn, options?: Options) => Promise<Collection>} */
export const makeCollection = (body, options = {}) => call('POST', '/v1/collections', { body, ...options })

/** @type {(body: ConnectionIn, options?: Options) => Promise<Connection>} */
export const makeConnection = (body, options = {}) => call('POST', '/v1/connections', { body, ...options })

/** @type {(body: DropIn, options?: Options) => Promise<DropCredentials>} */
export const makeDropCredentials = (body, options = {}) => call('POST', '/v1/drop-credentials', { body, ...options })

/** @type {(body: KeyIn, options?: Options) => Promise<NewKey>} */
export const makeKey = (body, options = {}) => call('POST', '/v1/keys', { body, ...options })

/** @type {(body: PresetIn, options?: Options) => Promise<Preset>} */
export const makePreset = (body, options = {}) => call('POST', '/v1/presets', { body, ...options })

/** @type {(body: RoleIn, options?: Options) => Promise<Role>} */
export const makeRole = (body, options = {}) => call('POST', '/v1/roles', { body, ...options })

/** @type {(body: ShareIn, options?: Options) => Promise<Share>} */
export const makeShare = (body, options = {}) => call('POST', '/v1/shares', { body, ...options })

/** @type {(body: ShareSessionIn, options?: Options) => Promise<ShareSession>} */
export const openShare = (body, options = {}) => call('POST', '/v1/share-sessions', { body, ...options })

/** @type {(collectionId: string, assetId: string, options?: Options) => Promise<Asset>} */
export const putIntoCollection = (collectionId, assetId, options = {}) => call('PUT', `/v1/collections/${encodeURIComponent(collectionId)}/assets/${encodeURIComponent(assetId)}`, options)

/** @type {(body: ReadIn, options?: Options) => Promise<null>} */
export const readNotices = (body, options = {}) => call('POST', '/v1/notices/read', { body, ...options })

/** @type {(assetId: string, number: string, body: Reason, options?: Options) => Promise<Asset>} */
export const rejectVersion = (assetId, number, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/versions/${encodeURIComponent(number)}/reject`, { body, ...options })

/** @type {(memberId: string, options?: Options) => Promise<null>} */
export const removeMember = (memberId, options = {}) => call('DELETE', `/v1/members/${encodeURIComponent(memberId)}`, options)

/** @type {(commentId: string, options?: Options) => Promise<Comment>} */
export const reopenComment = (commentId, options = {}) => call('POST', `/v1/comments/${encodeURIComponent(commentId)}/reopen`, options)

/** @type {(assetId: string, number: string, body: ChangesIn, options?: Options) => Promise<Asset>} */
export const requestChanges = (assetId, number, body, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/versions/${encodeURIComponent(number)}/request-changes`, { body, ...options })

/** @type {(commentId: string, body: ResolveIn, options?: Options) => Promise<Comment>} */
export const resolveComment = (commentId, body, options = {}) => call('POST', `/v1/comments/${encodeURIComponent(commentId)}/resolve`, { body, ...options })

/** @type {(assetId: string, options?: Options) => Promise<Asset>} */
export const restoreAsset = (assetId, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/restore`, options)

/** @type {(collectionId: string, options?: Options) => Promise<Collection>} */
export const restoreCollection = (collectionId, options = {}) => call('POST', `/v1/collections/${encodeURIComponent(collectionId)}/restore`, options)

/** @type {(ingestId: string, options?: Options) => Promise<Arrival>} */
export const retryArrival = (ingestId, options = {}) => call('POST', `/v1/ingest/${encodeURIComponent(ingestId)}/retry`, options)

/** @type {(keyId: string, options?: Options) => Promise<null>} */
export const revokeKey = (keyId, options = {}) => call('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`, options)

/** @type {(shareId: string, options?: Options) => Promise<null>} */
export const revokeShare = (shareId, options = {}) => call('DELETE', `/v1/shares/${encodeURIComponent(shareId)}`, options)

/** @type {(keyId: string, body: RotateIn, options?: Options) => Promise<NewKey>} */
export const rotateKey = (keyId, body, options = {}) => call('POST', `/v1/keys/${encodeURIComponent(keyId)}/rotate`, { body, ...options })

/** @type {(body: SearchIn, options?: Options) => Promise<SavedSearch>} */
export const saveSearch = (body, options = {}) => call('POST', '/v1/searches', { body, ...options })

/** @type {(query?: {q?: string, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position', limit?: number, from?: number, snapshot?: string, cursor?: string, facets?: string, fresh_for?: string}, options?: Options) => Promise<Found>} */
export const searchAssets = (query = {}, options = {}) => call('GET', '/v1/search', { query, ...options })

/** @type {(assetId: string, body: GrantsIn, options?: Options) => Promise<Grants>} */
export const setAssetGrants = (assetId, body, options = {}) => call('PUT', `/v1/assets/${encodeURIComponent(assetId)}/grants`, { body, ...options })

/** @type {(collectionId: string, body: GrantsIn, options?: Options) => Promise<Grants>} */
export const setCollectionGrants = (collectionId, body, options = {}) => call('PUT', `/v1/collections/${encodeURIComponent(collectionId)}/grants`, { body, ...options })

/** @type {(body: RulesIn, options?: Options) => Promise<Started>} */
export const setNaming = (body, options = {}) => call('PUT', '/v1/naming', { body, ...options })

/** @type {(body: SessionIn, options?: Options) => Promise<SignedIn>} */
export const signIn = (body, options = {}) => call('POST', '/v1/sessions', { body, ...options })

/** @type {(uploadId: string, body: PartsIn, options?: Options) => Promise<Parts>} */
export const signParts = (uploadId, body, options = {}) => call('POST', `/v1/uploads/${encodeURIComponent(uploadId)}/parts`, { body, ...options })

/** @type {(connectionId: string, options?: Options) => Promise<Started>} */
export const startConnection = (connectionId, options = {}) => call('POST', `/v1/connections/${encodeURIComponent(connectionId)}/run`, options)

/** @type {(query?: {q?: string, limit?: number}, options?: Options) => Promise<Suggestions>} */
export const suggest = (query = {}, options = {}) => call('GET', '/v1/search/suggest', { query, ...options })

/** @type {(collectionId: string, assetId: string, options?: Options) => Promise<null>} */
export const takeOutOfCollection = (collectionId, assetId, options = {}) => call('DELETE', `/v1/collections/${encodeURIComponent(collectionId)}/assets/${encodeURIComponent(assetId)}`, options)

/** @type {(assetId: string, options?: Options) => Promise<null>} */
export const trashAsset = (assetId, options = {}) => call('DELETE', `/v1/assets/${encodeURIComponent(assetId)}`, options)

/** @type {(collectionId: string, options?: Options) => Promise<null>} */
export const trashCollection = (collectionId, options = {}) => call('DELETE', `/v1/collections/${encodeURIComponent(collectionId)}`, options)

/** @type {(body: Trial, options?: Options) => Promise<Tried>} */
export const tryNaming = (body, options = {}) => call('POST', '/v1/naming/try', { body, ...options })

/** @type {(assetId: string, options?: Options) => Promise<Asset>} */
export const unarchiveAsset = (assetId, options = {}) => call('POST', `/v1/assets/${encodeURIComponent(assetId)}/unarchive`, options)

/** @type {(query?: {from?: string, to?: string}, options?: Options) => Promise<AuditReport>} */
export const verifyAudit = (query = {}, options = {}) => call('GET', '/v1/audit/verify', { query, ...options })

/** @type {(approvalId: string, options?: Options) => Promise<Approval>} */
export const withdrawApproval = (approvalId, options = {}) => call('POST', `/v1/approvals/${encodeURIComponent(approvalId)}/withdraw`, options)
