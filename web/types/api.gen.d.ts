// The API, as its document says. Written by `make docs` from docs/openapi.json; `make check` compares.

export interface Options {
  signal?: AbortSignal
  /** What the change is based on: sent as `If-Match`. */
  etag?: string
  /** Repeats with this key are done once: sent as `Idempotency-Key`. */
  key?: string
}

export type Anchor = {kind: 'point' | 'box' | 'time' | 'page', x?: number, y?: number, w?: number, h?: number, time_s?: number, page?: number}
export type AnchorIn = {kind: 'point' | 'box' | 'time' | 'page', x?: number | null, y?: number | null, w?: number | null, h?: number | null, time_s?: number | null, page?: number | null}
export type AnswerIn = {decision: string}
export type Approval = {id: string, by: string | null, at: string, items: ApprovalItem[], approver_ids: string[], rule: 'any' | 'all' | AtLeastOutput, due_at: string | null, note: string | null, state: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'}
export type ApprovalItem = {asset_id: string, version: number, state: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn', decisions: Decision[]}
export type Approvals = {next: string | null, items: Approval[]}
export type ApproveIn = {note?: string | null}
export type ApprovedTo = {collection_id: string, move: boolean}
export type ApprovedToIn = {collection_id: string, move?: boolean}
export type Arrival = {id: string, file_name: string, source: string, state: 'pending' | 'processing' | 'done' | 'quarantined', reason: string | null, asset_id: string | null, version: number | null, token: string | null, arrived_at: string}
export type Arrivals = {next: string | null, items: Arrival[]}
export type Asset = {id: string, name: string, title: string | null, type: 'image' | 'video' | 'document' | 'audio' | 'other', width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null, shown_version: number | null, newest_version: number | null, state: 'live' | 'archived' | 'trashed', description: string | null, keywords: string[], auto_tags: AutoTag[], colors: Color[], collections: Home[], skus: string[], alt: string | null, position: number | null, shot_type: string | null, rating: number | null, responsible_id: string | null, responsible: Responsible | null, available_from: string | null, available_until: string | null, restriction: Restriction | null, archived_because: string | null, orientation: string | null, aspect: string | null, background: string | null, sources: Source[], format: string | null, size_bytes: number | null, sha256: string | null, captured_at: string | null, camera: Camera | null, gps: Gps | null, created_at: string | null, updated_at: string | null, approved_version: number | null, duplicate_of: string | null, renditions: Rendition[], no_picture_because: string | null, usable: Usable[], custom: Record<string, any>, rights: Right[], etag: string}
export type AssetPatch = {name?: string, title?: string | null, description?: string | null, alt?: string | null, keywords?: string[] | null, skus?: string[] | null, position?: number | null, shot_type?: string | null, custom?: Record<string, string | number | boolean | string[] | null> | null, rating?: number | null, responsible_id?: string | null, available_from?: string | null, available_until?: string | null, restriction?: RestrictionIn | null}
export type Assets = {next: string | null, items: SlimAsset[]}
export type AtLeastInput = {at_least: number}
export type AtLeastOutput = {at_least: number}
export type AuditEntries = {next: string | null, items: AuditEntry[]}
export type AuditEntry = {id: string, at: string, actor: string, action: string, subject: string, result: 'ok' | 'refused' | 'failed', address: string | null, batch_id?: string, before?: any, after?: any, detail: Record<string, any>}
export type AuditFault = {kind: 'changed' | 'missing' | 'inserted' | 'seal_broken' | 'file_missing', hour: string, entry_id: string | null}
export type AuditReport = {ok: boolean, sealed_until: string | null, checked_from: string | null, checked_until: string | null, entries: number, faults: AuditFault[], next: string | null}
export type AutoTag = {name: string, confidence: number, model: string, level: 'sure'}
export type Because = {rule: string, role_id: string | null, collection_id: string | null, right: Right | null}
export type BegunUpload = {id: string, part_size_bytes: number, parts: Part[], expires_at: string}
export type BulkIn = {selection: SelectionIn, change?: ChangeIn, dry_run?: boolean}
export type Camera = {make?: string, model?: string, lens?: string}
export type Change = {kind: string, id: string, change: 'upserted' | 'gone'}
export type ChangeIn = {set?: AssetPatch | null, add_keywords?: string[] | null, remove_keywords?: string[] | null, add_to?: string | string[] | null, remove_from?: string | string[] | null, archive?: string | ReasonInput | null, submit?: SubmitIn | null, trash?: true | null, restore?: true | null}
export type Changes = {items: Change[], next: string}
export type ChangesIn = {note: string}
export type Collection = {id: string, name: string, path: string, parent_id: string | null, has_children: boolean, asset_count: number | null, rights: Right[], policy: Policy, state: 'live' | 'trashed', etag: string}
export type CollectionIn = {name: string, parent_id?: string | null, policy?: PolicyIn | null}
export type CollectionPatch = {name?: string, parent_id?: string | null, policy?: PolicyIn | null}
export type Collections = {next: string | null, items: Collection[]}
export type Color = {name: string, hex: string, share: number}
export type Comment = {id: string, asset_id: string, version: number, by: string, by_name: string | null, at: string, edited_at: string | null, body: string | null, mentions: Named[], anchor: Anchor | null, parent_id: string | null, deleted: boolean, carried: boolean, resolved: Resolution | null, etag: string}
export type CommentIn = {version: number, body: string, anchor?: AnchorIn | null, parent_id?: string | null}
export type CommentPatch = {body: string}
export type Comments = {next: string | null, items: Comment[]}
export type CompleteIn = {parts?: PartIn[] | null}
export type CompletedUpload = {ingest_id: string}
export type Connection = {id: string, kind: 'drive' | 'shopify', name: string, settings: Record<string, any>, state: 'ok' | 'needs_reconnect' | 'needs_decision' | 'error', because: string | null, question: Question | null, running: boolean, last_run: string | null, next_run: string | null, created_at: string, etag: string}
export type ConnectionIn = {kind: 'drive' | 'shopify', name: string, settings: Record<string, any>, credentials: Record<string, any>}
export type ConnectionPatch = {name?: string, settings?: Record<string, any>, credentials?: Record<string, any>}
export type ConnectionRun = {id: string, state: 'running' | 'done' | 'failed', by: string, started_at: string, ended_at: string | null, done: number, total: number | null, because: string | null, counts: Record<string, number>, log: chalicelib__handlers__connection_shapes__Line[]}
export type ConnectionRuns = {next: string | null, items: ConnectionRun[]}
export type Connections = {next: string | null, items: Connection[]}
export type Counts = {matched?: number, unmatched?: number, ambiguous?: number, blocked?: number, unchanged?: number, conflicts?: number}
export type Decided = {id: string, decision: 'ignore' | 'merge' | 'keep_both', kept?: string, trashed?: string, before?: Record<string, any>, put_into?: string[]}
export type Decision = {by: string, decision: 'approve' | 'reject' | 'request_changes', note: string | null, at: string}
export type Document = {openapi: string, info: Record<string, any>, paths: Record<string, any>, components: Record<string, any>}
export type Download = {url: string, expires_at: string, file_name: string, version: number, size_bytes: number}
export type DownloadIn = {selection: SelectionIn, preset?: string | null, original?: boolean | null}
export type Drift = {kind: 'removed' | 'picture' | 'alt' | 'order' | 'variant_image' | 'foreign', product_id: string, asset_id: string | null, medium_id: string | null, variant_id: string | null, ours: string | null, theirs: string | null}
export type Drifts = {next: string | null, items: Drift[]}
export type DropCredentials = {access_key: string, secret_key: string, session_token: string, endpoint: string, bucket: string, prefix: string, expires_at: string}
export type DropIn = {expires_s?: number}
export type Duplicate = {id: string, distance: number, found_at: string, decided: Verdict | null, assets: SlimAsset[]}
export type Duplicates = {next: string | null, items: Duplicate[]}
export type ExceptionIn = {role_id?: string | null, member_id?: string | null, allow?: Right[], deny?: Right[]}
export type ExplainIn = {right: Right, role_id?: string | null, member_id?: string | null, key_id?: string | null, asset_id?: string | null, collection_id?: string | null}
export type Explanation = {allowed: boolean, because: Because[]}
export type FacetValue = {value: string, count: number, label?: string}
export type FileIn = {file_name: string, collection_path?: string}
export type Found = {next: string | null, items: Hit[], total: number, facets: Record<string, FacetValue[]>, snapshot: string, fresh: boolean | null, took_ms: number}
export type Gps = {lat: number, lon: number, alt_m?: number}
export type GrantIn = {collection_id: string | null, allow?: Right[], deny?: Right[]}
export type Grants = {grants: ThingGrant[], etag: string}
export type GrantsIn = {grants: ExceptionIn[]}
export type Health = {status: 'ok', version: string}
export type Hit = {id: string, name: string, title: string | null, type: 'image' | 'video' | 'document' | 'audio' | 'other', width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null, shown_version: number | null, newest_version: number | null, state: 'live' | 'archived' | 'trashed', seen: string[]}
export type Home = {id: string, path: string}
export type ImportIn = {upload_id: string, dry_run?: boolean}
export type ImportStarted = {job_id: string, rows: number}
export type ItemIn = {asset_id: string, version?: number | null}
export type Job = {id: string, kind: string, state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled', by: string, created_at: string, done: number, total: number | null, errors: JobError[], result: Record<string, any> | null, change: string[] | null, undo_until: string | null}
export type JobError = {subject: string, code: string, detail: string}
export type Jobs = {next: string | null, items: Job[]}
export type Key = {id: string, prefix: string, name: string, role_ids: string[] | null, rights: Right[] | null, collection_ids: string[] | null, created_by: string, created_at: string, expires_at: string | null, last_used_at: string | null}
export type KeyIn = {name: string, role_ids?: string[] | null, rights?: Right[] | null, collection_ids?: string[] | null, expires_at?: string | null}
export type Keys = {next: string | null, items: Key[]}
export type LabelService = {service: 'rekognition' | null, monthly_cap_cents: number, month: string, pictures: number, used_cents: number, left_cents: number, state: 'off' | 'on' | 'cap_reached' | 'unavailable', price_cents: number, price_source: string, price_as_of: string}
export type LabelServiceIn = {service: 'rekognition' | null, monthly_cap_cents?: number}
export type Learnt = {state: 'on' | 'off', because: string | null, version: string | null, learnt_at: string | null, examples: number, words: LearntWord[]}
export type LearntWord = {name: string, examples: number, told: number, right: number, precision: number | null, is_used: boolean}
export type Likely = {asset: SlimAsset, size_bytes: number | null, sha256: string | null, because: 'name' | 'name_elsewhere' | 'sku', is_sure: boolean}
export type LinePatch = {variant_ids?: string[], skip?: boolean, overwrite?: boolean}
export type Lines = {next: string | null, items: chalicelib__handlers__plan_shapes__Line[]}
export type LinkAsked = {asked: true}
export type LinkIn = {email: string}
export type LookIn = {do: 'look' | 'forget' | 'learn'}
export type Me = {principal: Principal, workspace: MyWorkspace, role_ids: string[], rights: Right[], share: VisitedShare | null}
export type Member = {id: string, email: string, name: string, role_ids: string[], created_at: string, expires_at: string | null, etag: string}
export type MemberIn = {email: string, name: string, role_ids?: string[], expires_at?: string | null}
export type MemberPatch = {email?: string, name?: string, role_ids?: string[] | null, expires_at?: string | null}
export type Members = {next: string | null, items: Member[]}
export type MyWorkspace = {id: string, name: string}
export type NameSaid = {name: string, skus: string[], position: number | null, shot_type: string | null, rule: string | null}
export type Named = {id: string, name: string}
export type Naming = {rules: NamingRule[]}
export type NamingRule = {pattern: string, needs_digit: boolean}
export type NewKey = {id: string, prefix: string, name: string, role_ids: string[] | null, rights: Right[] | null, collection_ids: string[] | null, created_by: string, created_at: string, expires_at: string | null, last_used_at: string | null, key: string}
export type Notice = {id: string, at: string, kind: 'approval.requested' | 'approval.due' | 'approval.overdue' | 'version.pending' | 'version.decided' | 'comment.mention' | 'comment.reply', subject: string, version: number | null, by: string | null, text: string, link: string, read: boolean}
export type NoticeSettingsInput = {mail: boolean}
export type NoticeSettingsOutput = {mail: boolean}
export type Notices = {next: string | null, items: Notice[]}
export type Part = {number: number, url: string, headers: Record<string, string>}
export type PartIn = {number: number, etag?: string | null}
export type Parts = {parts: Part[]}
export type PartsIn = {numbers: number[]}
export type People = {items: Named[]}
export type Plan = {id: string, connection_id: string, state: 'computing' | 'ready' | 'approved' | 'applying' | 'partly_applied' | 'applied' | 'rolling_back' | 'rolled_back' | 'failed', because: string | null, by: string, created_at: string, approved_by: string | null, q: string | null, counts: Counts, cost_points: number, minutes: number}
export type PlanIn = {q?: string | null}
export type PlanStarted = {job_id: string, plan_id: string}
export type Plans = {next: string | null, items: Plan[]}
export type Policy = {unapproved: 'newest' | 'block', uploads: 'accept' | 'pending', required_fields: string[], auto_tags: boolean, approved_to: ApprovedTo | null}
export type PolicyIn = {unapproved?: 'newest' | 'block' | null, uploads?: 'accept' | 'pending' | null, required_fields?: string[] | null, auto_tags?: boolean | null, approved_to?: ApprovedToIn | null}
export type Present = {value: string, count: number}
export type Preset = {id: string, name: string, channel: string | null, width_px: number, height_px: number, mode: 'fit' | 'fill' | 'pad', format: 'jpeg' | 'png' | 'webp', quality: number, max_bytes: number | null, background: string, file_name: string, etag: string}
export type PresetIn = {name: string, width_px: number, height_px: number, mode?: 'fit' | 'fill' | 'pad', format?: 'jpeg' | 'png' | 'webp', quality?: number, max_bytes?: number | null, background?: string, file_name?: string, channel?: string | null}
export type PresetPatch = {name?: string, width_px?: number, height_px?: number, mode?: 'fit' | 'fill' | 'pad', format?: 'jpeg' | 'png' | 'webp', quality?: number, max_bytes?: number | null, background?: string, file_name?: string}
export type Presets = {next: string | null, items: Preset[]}
export type Principal = {id: string, kind: string, name: string}
export type Problem = {type: string, title: string, status: number, detail: string, code: string, request_id: string, fields?: Record<string, string>, position?: number}
export type Question = {code: string, text: string, choices: string[]}
export type ReadIn = {ids: string[]}
export type ReasonInput = {reason: string}
export type ReasonOutput = {code: string, detail: string, count: number}
export type Refused = {code: string, detail: string}
export type Rendition = {name: 'large' | 'medium' | 'small', url: string, width_px: number, height_px: number, format: string, size_bytes: number}
export type Resolution = {by: string, by_name: string | null, at: string, version: number}
export type ResolveIn = {version: number}
export type Responsible = {id: string, name: string | null, is_here: boolean}
export type Restriction = {reason: string, from: string | null, until: string | null}
export type RestrictionIn = {reason?: string | null, from?: string | null, until?: string | null}
export type Result = {state: 'done' | 'failed' | 'conflict' | 'skipped' | 'rolled_back' | 'drift', detail: string}
export type Right = 'see' | 'view' | 'download' | 'download_original' | 'download_unapproved' | 'comment' | 'upload' | 'edit' | 'submit' | 'approve' | 'share' | 'move' | 'archive' | 'delete' | 'manage'
export type Role = {id: string, name: string, key: string | null, grants: RoleGrant[], etag: string}
export type RoleGrant = {collection_id: string | null, allow: Right[], deny: Right[]}
export type RoleIn = {name: string, grants?: GrantIn[]}
export type RolePatch = {name?: string, grants?: GrantIn[] | null}
export type Roles = {next: string | null, items: Role[]}
export type RotateIn = {overlap_s?: number}
export type Row = {number: number, told: Record<string, string>, state: 'change' | 'changed' | 'same' | 'refused', asset_id: string | null, name: string | null, code: string | null, detail: string | null, warning: string | null, before: Record<string, any> | null, after: Record<string, any> | null}
export type Rows = {next: string | null, items: Row[]}
export type RuleIn = {pattern: string, needs_digit?: boolean}
export type RulesIn = {rules: RuleIn[]}
export type Sample = {asset_id: string, name: string | null, before: Record<string, any>, after: Record<string, any>, refused: Refused | null}
export type SavedSearch = {id: string, name: string, q: string, sort: string | null, shared: boolean, by: string, count: number | null, created_at: string, etag: string}
export type SavedSearches = {next: string | null, items: SavedSearch[]}
export type SearchIn = {name: string, q: string, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position' | null, shared?: boolean}
export type SearchPatch = {name?: string | null, q?: string | null, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position' | null, shared?: boolean | null}
export type Seer = {kind: 'member' | 'role', id: string, name: string, rights: Right[]}
export type Seers = {next: string | null, items: Seer[]}
export type SelectionIn = {ids?: string[] | null, q?: string | null, except?: string[]}
export type Session = {id: string, created_at: string, expires_at: string, current: boolean}
export type SessionIn = {token: string}
export type Sessions = {next: string | null, items: Session[]}
export type Share = {id: string, name: string | null, url: string, token: string, target: ShareTarget, switches: Switches, download: 'preview' | 'approved' | 'original', has_password: boolean, starts_at: string | null, expires_at: string | null, max_px: number | null, created_by: string, created_at: string, state: 'early' | 'open' | 'over' | 'revoked', etag: string}
export type ShareIn = {target: TargetIn, switches: SwitchesIn, download?: 'preview' | 'approved' | 'original', password?: string | null, starts_at?: string | null, expires_at?: string | null, max_px?: number | null, watermark?: any, name?: string | null}
export type SharePatch = {switches?: SwitchesIn, download?: 'preview' | 'approved' | 'original', password?: string | null, starts_at?: string | null, expires_at?: string | null, max_px?: number | null, watermark?: any, name?: string | null}
export type ShareSession = {session: string, expires_at: string, workspace: string, share: VisitedShare}
export type ShareSessionIn = {token: string, password?: string | null, name?: string | null, email?: string | null}
export type ShareStats = {opens: number, downloads: number, opened_at: string | null, downloaded_at: string | null, shown: number}
export type ShareTarget = {kind: 'assets' | 'collection' | 'search', asset_ids: string[] | null, collection_id: string | null, q: string | null, frozen: boolean}
export type Shares = {next: string | null, items: Share[]}
export type Shot = {asset_id: string, name: string, position: number | null, shot_type: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested', approved: boolean, thumb_url: string | null, thumbhash: string | null}
export type SignedIn = {signed_in: true}
export type Similar = {items: SimilarAsset[]}
export type SimilarAsset = {id: string, name: string, title: string | null, type: 'image' | 'video' | 'document' | 'audio' | 'other', width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null, shown_version: number | null, newest_version: number | null, state: 'live' | 'archived' | 'trashed', distance: number}
export type SkuBoard = {sku: string, shots: Shot[], missing: string[]}
export type SkuImage = {asset_id: string, position: number | null, shot_type: string | null, url: string, width_px: number, height_px: number, alt: string | null}
export type SkuImages = {next: string | null, items: SkuImage[]}
export type Skus = {next: string | null, items: SkuBoard[]}
export type SlimAsset = {id: string, name: string, title: string | null, type: 'image' | 'video' | 'document' | 'audio' | 'other', width_px: number | null, height_px: number | null, thumb_url: string | null, thumbhash: string | null, sku: string | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested' | null, shown_version: number | null, newest_version: number | null, state: 'live' | 'archived' | 'trashed'}
export type Source = {kind: string, connection_id: string | null, path: string, state: 'linked' | 'detached' | 'trashed', because: string | null}
export type Started = {job_id: string}
export type StartedOnMany = {job_id: string, count: number}
export type SubmitIn = {approver_ids: string[], rule?: 'any' | 'all' | AtLeastInput, due_at?: string | null, note?: string | null}
export type Suggestion = {kind: 'term' | 'keyword' | 'sku' | 'collection' | 'search', text: string, count: number, id?: string, q?: string}
export type Suggestions = {items: Suggestion[]}
export type Switches = {view: boolean, comment: boolean, upload: boolean, download: boolean, approve: boolean}
export type SwitchesIn = {view?: boolean, comment?: boolean, upload?: boolean, download?: boolean, approve?: boolean}
export type TagsIn = {accept?: string[], reject?: string[], allow?: string[]}
export type TargetIn = {asset_ids?: string[] | null, collection_id?: string | null, q?: string | null, frozen?: boolean}
export type Template = {collections: Collection[]}
export type TemplateIn = {name: 'ecommerce'}
export type ThingGrant = {role_id?: string, member_id?: string, allow: Right[], deny: Right[]}
export type TrialInput = {names: string[], rules?: RuleIn[] | null}
export type TrialOutput = {count: number, refused: number, reasons: ReasonOutput[], sample: Sample[], keywords: Present[], collections: Present[]}
export type TrialIn = {files: FileIn[], collection_id?: string | null}
export type Tried = {items: NameSaid[]}
export type TriedUpload = {file_name: string, likely: Likely | null}
export type TriedUploads = {items: TriedUpload[]}
export type Upload = {id: string, file_name: string, part_size_bytes: number, arrived: number[], ingest_id: string | null, expires_at: string}
export type UploadIn = {file_name: string, size_bytes: number, content_type?: string | null, sha256?: string | null, collection_id?: string | null, collection_path?: string | null, asset_id?: string | null, note?: string | null, fields?: AssetPatch | null, purpose?: 'sheet' | null}
export type Usable = {channel: string, usable: boolean, because: string[]}
export type Variant = {id: string, sku: string, title: string, product_id: string, product_title: string, active: boolean}
export type Variants = {next: string | null, items: Variant[]}
export type Verdict = {decision: 'ignore' | 'merge' | 'keep_both', by: string, by_name: string | null, at: string}
export type Verdicts = {items: Usable[]}
export type Version = {number: number, at: string, by: string | null, note: string | null, sha256: string, size_bytes: number, width_px: number | null, height_px: number | null, approval: 'none' | 'pending' | 'approved' | 'rejected' | 'changes_requested', thumb_url: string | null, renditions: Rendition[]}
export type Versions = {next: string | null, items: Version[]}
export type VisitedShare = {id: string, name: string | null, kind: 'assets' | 'collection' | 'search', collection_id: string | null, switches: Switches, download: 'preview' | 'approved' | 'original', max_px: number | null, expires_at: string | null}
export type Workspace = {id: string, name: string, self_approval: boolean, required_shots: string[], visual_tags: boolean, created_at: string, etag: string}
export type WorkspacePatch = {name?: string, self_approval?: boolean | null, required_shots?: string[] | null}
export type chalicelib__handlers__approvals__ApprovalIn = {items: ItemIn[], approver_ids: string[], rule?: 'any' | 'all' | AtLeastInput, due_at?: string | null, note?: string | null}
export type chalicelib__handlers__approvals__DecisionIn = {asset_id: string, decision: 'approve' | 'reject' | 'request_changes', note?: string | null, version?: number | null}
export type chalicelib__handlers__audit__ExportIn = {format?: 'csv' | 'jsonl', subject?: string | null, actor?: string | null, action?: string | null, from?: string | null, to?: string | null}
export type chalicelib__handlers__connection_shapes__Line = {at: string, text: string, subject: string | null, trouble: boolean}
export type chalicelib__handlers__duplicates__DecisionIn = {decision: 'ignore' | 'merge' | 'keep_both'}
export type chalicelib__handlers__metadata__ExportIn = {q?: string}
export type chalicelib__handlers__plan_shapes__ApprovalIn = {except_line_ids?: string[]}
export type chalicelib__handlers__plan_shapes__Line = {id: string, list: 'matched' | 'unmatched' | 'ambiguous' | 'blocked' | 'unchanged', asset_id: string, sku: string | null, product_id: string | null, product_title: string | null, variant_ids: string[], actions: ('create' | 'replace' | 'alt' | 'attach' | 'reorder' | 'assign' | 'unlink')[], because: string, before: Record<string, any>, after: Record<string, any>, drift: Drift[], result: Result | null}

export interface Api {
  /** `POST /v1/assets/{asset_id}/comments` */
  addComment(assetId: string, body: CommentIn, options?: Options): Promise<Comment>
  /** `POST /v1/members` */
  addMember(body: MemberIn, options?: Options): Promise<Member>
  /** `POST /v1/plans/{plan_id}/apply` */
  applyPlan(planId: string, options?: Options): Promise<Started>
  /** `POST /v1/workspace/template` */
  applyTemplate(body: TemplateIn, options?: Options): Promise<Template>
  /** `POST /v1/plans/{plan_id}/approve` */
  approvePlan(planId: string, body: chalicelib__handlers__plan_shapes__ApprovalIn, options?: Options): Promise<Started>
  /** `POST /v1/assets/{asset_id}/versions/{number}/approve` */
  approveVersion(assetId: string, number: string, body: ApproveIn, options?: Options): Promise<Asset>
  /** `POST /v1/assets/{asset_id}/archive` */
  archiveAsset(assetId: string, body: ReasonInput, options?: Options): Promise<Asset>
  /** `POST /v1/approvals` */
  askApproval(body: chalicelib__handlers__approvals__ApprovalIn, options?: Options): Promise<Approval>
  /** `POST /v1/sign-in/links` */
  askForLink(body: LinkIn, options?: Options): Promise<LinkAsked>
  /** `POST /v1/connections/{connection_id}/plans` */
  beginPlan(connectionId: string, body: PlanIn, options?: Options): Promise<PlanStarted>
  /** `POST /v1/uploads` */
  beginUpload(body: UploadIn, options?: Options): Promise<BegunUpload>
  /** `POST /v1/jobs/{job_id}/cancel` */
  cancelJob(jobId: string, options?: Options): Promise<Job>
  /** `PATCH /v1/connections/{connection_id}` */
  changeConnection(connectionId: string, body: ConnectionPatch, options?: Options): Promise<Connection>
  /** `POST /v1/bulk` */
  changeMany(body: BulkIn, options?: Options): Promise<StartedOnMany>
  /** `PATCH /v1/members/{member_id}` */
  changeMember(memberId: string, body: MemberPatch, options?: Options): Promise<Member>
  /** `PATCH /v1/notices/settings` */
  changeNoticeSettings(body: NoticeSettingsInput, options?: Options): Promise<NoticeSettingsOutput>
  /** `PATCH /v1/presets/{preset_id}` */
  changePreset(presetId: string, body: PresetPatch, options?: Options): Promise<Preset>
  /** `PATCH /v1/roles/{role_id}` */
  changeRole(roleId: string, body: RolePatch, options?: Options): Promise<Role>
  /** `PATCH /v1/searches/{search_id}` */
  changeSearch(searchId: string, body: SearchPatch, options?: Options): Promise<SavedSearch>
  /** `PATCH /v1/shares/{share_id}` */
  changeShare(shareId: string, body: SharePatch, options?: Options): Promise<Share>
  /** `PATCH /v1/workspace` */
  changeWorkspace(body: WorkspacePatch, options?: Options): Promise<Workspace>
  /** `POST /v1/connections/{connection_id}/check` */
  checkConnection(connectionId: string, options?: Options): Promise<Connection>
  /** `POST /v1/uploads/{upload_id}/complete` */
  completeUpload(uploadId: string, body: CompleteIn, options?: Options): Promise<CompletedUpload>
  /** `POST /v1/approvals/{approval_id}/decisions` */
  decideApproval(approvalId: string, body: chalicelib__handlers__approvals__DecisionIn, options?: Options): Promise<Approval>
  /** `POST /v1/connections/{connection_id}/decide` */
  decideConnection(connectionId: string, body: AnswerIn, options?: Options): Promise<Connection>
  /** `POST /v1/duplicates/{duplicate_id}` */
  decideDuplicate(duplicateId: string, body: chalicelib__handlers__duplicates__DecisionIn, options?: Options): Promise<Decided>
  /** `PATCH /v1/plans/{plan_id}/lines/{line_id}` */
  decideLine(planId: string, lineId: string, body: LinePatch, options?: Options): Promise<chalicelib__handlers__plan_shapes__Line>
  /** `DELETE /v1/comments/{comment_id}` */
  deleteComment(commentId: string, options?: Options): Promise<null>
  /** `DELETE /v1/connections/{connection_id}` */
  deleteConnection(connectionId: string, options?: Options): Promise<null>
  /** `DELETE /v1/presets/{preset_id}` */
  deletePreset(presetId: string, options?: Options): Promise<null>
  /** `DELETE /v1/roles/{role_id}` */
  deleteRole(roleId: string, options?: Options): Promise<null>
  /** `DELETE /v1/searches/{search_id}` */
  deleteSearch(searchId: string, options?: Options): Promise<null>
  /** `GET /v1/assets/{asset_id}/download` */
  downloadAsset(assetId: string, query?: {version?: number, preset?: string, original?: boolean, redirect?: boolean}, options?: Options): Promise<Download>
  /** `POST /v1/downloads` */
  downloadMany(body: DownloadIn, options?: Options): Promise<StartedOnMany>
  /** `PATCH /v1/assets/{asset_id}` */
  editAsset(assetId: string, body: AssetPatch, options?: Options): Promise<Asset>
  /** `PATCH /v1/collections/{collection_id}` */
  editCollection(collectionId: string, body: CollectionPatch, options?: Options): Promise<Collection>
  /** `PATCH /v1/comments/{comment_id}` */
  editComment(commentId: string, body: CommentPatch, options?: Options): Promise<Comment>
  /** `DELETE /v1/sessions/{session_id}` */
  endSession(sessionId: string, options?: Options): Promise<null>
  /** `POST /v1/access/explain` */
  explainAccess(body: ExplainIn, options?: Options): Promise<Explanation>
  /** `POST /v1/audit/export` */
  exportAudit(body: chalicelib__handlers__audit__ExportIn, options?: Options): Promise<Started>
  /** `POST /v1/metadata/export` */
  exportMetadata(body: chalicelib__handlers__metadata__ExportIn, options?: Options): Promise<StartedOnMany>
  /** `GET /v1/sku-images` */
  findSkuImages(query: {preset?: string, sku: string}, options?: Options): Promise<SkuImages>
  /** `GET /v1/connections/{connection_id}/variants` */
  findVariants(connectionId: string, query: {q: string}, options?: Options): Promise<Variants>
  /** `GET /v1/assets/{asset_id}/access` */
  getAccess(assetId: string, options?: Options): Promise<Seers>
  /** `GET /v1/approvals/{approval_id}` */
  getApproval(approvalId: string, options?: Options): Promise<Approval>
  /** `GET /v1/ingest/{ingest_id}` */
  getArrival(ingestId: string, options?: Options): Promise<Arrival>
  /** `GET /v1/assets/{asset_id}` */
  getAsset(assetId: string, options?: Options): Promise<Asset>
  /** `GET /v1/assets/{asset_id}/grants` */
  getAssetGrants(assetId: string, options?: Options): Promise<Grants>
  /** `GET /v1/collections/{collection_id}` */
  getCollection(collectionId: string, options?: Options): Promise<Collection>
  /** `GET /v1/collections/{collection_id}/grants` */
  getCollectionGrants(collectionId: string, options?: Options): Promise<Grants>
  /** `GET /v1/connections/{connection_id}` */
  getConnection(connectionId: string, options?: Options): Promise<Connection>
  /** `GET /v1/openapi.json` */
  getDocument(options?: Options): Promise<Document>
  /** `GET /v1/health` */
  getHealth(options?: Options): Promise<Health>
  /** `GET /v1/jobs/{job_id}` */
  getJob(jobId: string, options?: Options): Promise<Job>
  /** `GET /v1/keys/{key_id}` */
  getKey(keyId: string, options?: Options): Promise<Key>
  /** `GET /v1/auto-tags/service` */
  getLabelService(options?: Options): Promise<LabelService>
  /** `GET /v1/auto-tags/learnt` */
  getLearnt(options?: Options): Promise<Learnt>
  /** `GET /v1/me` */
  getMe(options?: Options): Promise<Me>
  /** `GET /v1/members/{member_id}` */
  getMember(memberId: string, options?: Options): Promise<Member>
  /** `GET /v1/naming` */
  getNaming(options?: Options): Promise<Naming>
  /** `GET /v1/notices/settings` */
  getNoticeSettings(options?: Options): Promise<NoticeSettingsOutput>
  /** `GET /v1/plans/{plan_id}` */
  getPlan(planId: string, options?: Options): Promise<Plan>
  /** `GET /v1/presets/{preset_id}` */
  getPreset(presetId: string, options?: Options): Promise<Preset>
  /** `GET /v1/roles/{role_id}` */
  getRole(roleId: string, options?: Options): Promise<Role>
  /** `GET /v1/searches/{search_id}` */
  getSearch(searchId: string, options?: Options): Promise<SavedSearch>
  /** `GET /v1/shares/{share_id}` */
  getShare(shareId: string, options?: Options): Promise<Share>
  /** `GET /v1/shares/{share_id}/stats` */
  getShareStats(shareId: string, options?: Options): Promise<ShareStats>
  /** `GET /v1/skus/{sku}` */
  getSku(sku: string, options?: Options): Promise<SkuBoard>
  /** `GET /v1/uploads/{upload_id}` */
  getUpload(uploadId: string, options?: Options): Promise<Upload>
  /** `GET /v1/assets/{asset_id}/usable` */
  getUsable(assetId: string, query?: {channel?: string}, options?: Options): Promise<Verdicts>
  /** `GET /v1/workspace` */
  getWorkspace(options?: Options): Promise<Workspace>
  /** `POST /v1/metadata/import` */
  importMetadata(body: ImportIn, options?: Options): Promise<ImportStarted>
  /** `POST /v1/assets/{asset_id}/auto-tags` */
  judgeTags(assetId: string, body: TagsIn, options?: Options): Promise<Asset>
  /** `GET /v1/approvals` */
  listApprovals(query?: {limit?: number, cursor?: string, assigned?: 'me', state?: 'open' | 'approved' | 'rejected' | 'changes_requested' | 'replaced' | 'withdrawn'}, options?: Options): Promise<Approvals>
  /** `GET /v1/ingest` */
  listArrivals(query?: {limit?: number, cursor?: string, state?: 'pending' | 'processing' | 'done' | 'quarantined'}, options?: Options): Promise<Arrivals>
  /** `GET /v1/assets` */
  listAssets(query?: {limit?: number, cursor?: string, collection_id?: string, name?: string, sort?: 'name' | '-name' | 'uploaded' | '-uploaded'}, options?: Options): Promise<Assets>
  /** `GET /v1/audit` */
  listAudit(query?: {limit?: number, cursor?: string, subject?: string, actor?: string, action?: string, from?: string, to?: string}, options?: Options): Promise<AuditEntries>
  /** `GET /v1/changes` */
  listChanges(query?: {since?: string}, options?: Options): Promise<Changes>
  /** `GET /v1/collections` */
  listCollections(query?: {limit?: number, cursor?: string, parent_id?: string, state?: 'live' | 'trashed'}, options?: Options): Promise<Collections>
  /** `GET /v1/assets/{asset_id}/comments` */
  listComments(assetId: string, query?: {limit?: number, cursor?: string, version?: number, state?: 'open' | 'resolved'}, options?: Options): Promise<Comments>
  /** `GET /v1/connections/{connection_id}/runs` */
  listConnectionRuns(connectionId: string, query?: {limit?: number, cursor?: string}, options?: Options): Promise<ConnectionRuns>
  /** `GET /v1/connections` */
  listConnections(options?: Options): Promise<Connections>
  /** `GET /v1/connections/{connection_id}/drift` */
  listDrift(connectionId: string, options?: Options): Promise<Drifts>
  /** `GET /v1/duplicates` */
  listDuplicates(query?: {limit?: number, cursor?: string, state?: 'open' | 'decided'}, options?: Options): Promise<Duplicates>
  /** `GET /v1/metadata/import/{job_id}/rows` */
  listImportRows(jobId: string, query?: {limit?: number, cursor?: string, state?: 'change' | 'changed' | 'same' | 'refused'}, options?: Options): Promise<Rows>
  /** `GET /v1/jobs` */
  listJobs(query?: {limit?: number, cursor?: string, state?: 'queued' | 'running' | 'done' | 'failed' | 'cancelled', by?: 'me'}, options?: Options): Promise<Jobs>
  /** `GET /v1/keys` */
  listKeys(query?: {limit?: number, cursor?: string}, options?: Options): Promise<Keys>
  /** `GET /v1/plans/{plan_id}/lines` */
  listLines(planId: string, query?: {limit?: number, cursor?: string, list?: 'matched' | 'unmatched' | 'ambiguous' | 'blocked' | 'unchanged'}, options?: Options): Promise<Lines>
  /** `GET /v1/members` */
  listMembers(query?: {limit?: number, cursor?: string}, options?: Options): Promise<Members>
  /** `GET /v1/notices` */
  listNotices(query?: {limit?: number, cursor?: string}, options?: Options): Promise<Notices>
  /** `GET /v1/assets/{asset_id}/people` */
  listPeople(assetId: string, query?: {q?: string, right?: 'see' | 'view' | 'download' | 'download_original' | 'download_unapproved' | 'comment' | 'upload' | 'edit' | 'submit' | 'approve' | 'share' | 'move' | 'archive' | 'delete' | 'manage'}, options?: Options): Promise<People>
  /** `GET /v1/connections/{connection_id}/plans` */
  listPlans(connectionId: string, query?: {limit?: number, cursor?: string}, options?: Options): Promise<Plans>
  /** `GET /v1/presets` */
  listPresets(options?: Options): Promise<Presets>
  /** `GET /v1/roles` */
  listRoles(query?: {limit?: number, cursor?: string}, options?: Options): Promise<Roles>
  /** `GET /v1/searches` */
  listSearches(options?: Options): Promise<SavedSearches>
  /** `GET /v1/sessions` */
  listSessions(options?: Options): Promise<Sessions>
  /** `GET /v1/shares` */
  listShares(query?: {limit?: number, cursor?: string}, options?: Options): Promise<Shares>
  /** `GET /v1/assets/{asset_id}/similar` */
  listSimilar(assetId: string, query?: {limit?: number}, options?: Options): Promise<Similar>
  /** `GET /v1/skus/{sku}/images` */
  listSkuImages(sku: string, query?: {preset?: string}, options?: Options): Promise<SkuImages>
  /** `GET /v1/skus` */
  listSkus(query?: {limit?: number, cursor?: string, sku?: string, missing?: string, not_live?: boolean}, options?: Options): Promise<Skus>
  /** `GET /v1/assets/{asset_id}/versions` */
  listVersions(assetId: string, query?: {limit?: number, cursor?: string}, options?: Options): Promise<Versions>
  /** `POST /v1/auto-tags` */
  lookAgain(body: LookIn, options?: Options): Promise<Started>
  /** `POST /v1/collections` */
  makeCollection(body: CollectionIn, options?: Options): Promise<Collection>
  /** `POST /v1/connections` */
  makeConnection(body: ConnectionIn, options?: Options): Promise<Connection>
  /** `POST /v1/drop-credentials` */
  makeDropCredentials(body: DropIn, options?: Options): Promise<DropCredentials>
  /** `POST /v1/keys` */
  makeKey(body: KeyIn, options?: Options): Promise<NewKey>
  /** `POST /v1/presets` */
  makePreset(body: PresetIn, options?: Options): Promise<Preset>
  /** `POST /v1/roles` */
  makeRole(body: RoleIn, options?: Options): Promise<Role>
  /** `POST /v1/shares` */
  makeShare(body: ShareIn, options?: Options): Promise<Share>
  /** `POST /v1/share-sessions` */
  openShare(body: ShareSessionIn, options?: Options): Promise<ShareSession>
  /** `PUT /v1/collections/{collection_id}/assets/{asset_id}` */
  putIntoCollection(collectionId: string, assetId: string, options?: Options): Promise<Asset>
  /** `POST /v1/notices/read` */
  readNotices(body: ReadIn, options?: Options): Promise<null>
  /** `POST /v1/assets/{asset_id}/versions/{number}/reject` */
  rejectVersion(assetId: string, number: string, body: ReasonInput, options?: Options): Promise<Asset>
  /** `DELETE /v1/members/{member_id}` */
  removeMember(memberId: string, options?: Options): Promise<null>
  /** `POST /v1/comments/{comment_id}/reopen` */
  reopenComment(commentId: string, options?: Options): Promise<Comment>
  /** `POST /v1/duplicates/{duplicate_id}/reopen` */
  reopenDuplicate(duplicateId: string, options?: Options): Promise<Duplicate>
  /** `POST /v1/assets/{asset_id}/versions/{number}/request-changes` */
  requestChanges(assetId: string, number: string, body: ChangesIn, options?: Options): Promise<Asset>
  /** `POST /v1/comments/{comment_id}/resolve` */
  resolveComment(commentId: string, body: ResolveIn, options?: Options): Promise<Comment>
  /** `POST /v1/assets/{asset_id}/restore` */
  restoreAsset(assetId: string, options?: Options): Promise<Asset>
  /** `POST /v1/collections/{collection_id}/restore` */
  restoreCollection(collectionId: string, options?: Options): Promise<Collection>
  /** `POST /v1/ingest/{ingest_id}/retry` */
  retryArrival(ingestId: string, options?: Options): Promise<Arrival>
  /** `DELETE /v1/keys/{key_id}` */
  revokeKey(keyId: string, options?: Options): Promise<null>
  /** `DELETE /v1/shares/{share_id}` */
  revokeShare(shareId: string, options?: Options): Promise<null>
  /** `POST /v1/plans/{plan_id}/rollback` */
  rollBackPlan(planId: string, options?: Options): Promise<Started>
  /** `POST /v1/keys/{key_id}/rotate` */
  rotateKey(keyId: string, body: RotateIn, options?: Options): Promise<NewKey>
  /** `POST /v1/searches` */
  saveSearch(body: SearchIn, options?: Options): Promise<SavedSearch>
  /** `GET /v1/search` */
  searchAssets(query?: {q?: string, sort?: 'relevance' | 'name' | '-name' | 'uploaded' | '-uploaded' | 'taken' | '-taken' | 'size' | '-size' | 'rating' | '-rating' | 'position', limit?: number, from?: number, snapshot?: string, cursor?: string, facets?: string, fresh_for?: string}, options?: Options): Promise<Found>
  /** `PUT /v1/assets/{asset_id}/grants` */
  setAssetGrants(assetId: string, body: GrantsIn, options?: Options): Promise<Grants>
  /** `PUT /v1/collections/{collection_id}/grants` */
  setCollectionGrants(collectionId: string, body: GrantsIn, options?: Options): Promise<Grants>
  /** `PUT /v1/auto-tags/service` */
  setLabelService(body: LabelServiceIn, options?: Options): Promise<LabelService>
  /** `PUT /v1/naming` */
  setNaming(body: RulesIn, options?: Options): Promise<Started>
  /** `POST /v1/sessions` */
  signIn(body: SessionIn, options?: Options): Promise<SignedIn>
  /** `POST /v1/uploads/{upload_id}/parts` */
  signParts(uploadId: string, body: PartsIn, options?: Options): Promise<Parts>
  /** `POST /v1/connections/{connection_id}/run` */
  startConnection(connectionId: string, options?: Options): Promise<Started>
  /** `GET /v1/search/suggest` */
  suggest(query?: {q?: string, limit?: number}, options?: Options): Promise<Suggestions>
  /** `DELETE /v1/collections/{collection_id}/assets/{asset_id}` */
  takeOutOfCollection(collectionId: string, assetId: string, options?: Options): Promise<null>
  /** `POST /v1/hooks/shopify/{connection_id}` */
  takeShopifyNews(connectionId: string, options?: Options): Promise<null>
  /** `DELETE /v1/assets/{asset_id}` */
  trashAsset(assetId: string, options?: Options): Promise<null>
  /** `DELETE /v1/collections/{collection_id}` */
  trashCollection(collectionId: string, options?: Options): Promise<null>
  /** `POST /v1/naming/try` */
  tryNaming(body: TrialInput, options?: Options): Promise<Tried>
  /** `POST /v1/uploads/try` */
  tryUploads(body: TrialIn, options?: Options): Promise<TriedUploads>
  /** `POST /v1/assets/{asset_id}/unarchive` */
  unarchiveAsset(assetId: string, options?: Options): Promise<Asset>
  /** `POST /v1/jobs/{job_id}/undo` */
  undoJob(jobId: string, options?: Options): Promise<Started>
  /** `GET /v1/audit/verify` */
  verifyAudit(query?: {from?: string, to?: string}, options?: Options): Promise<AuditReport>
  /** `POST /v1/approvals/{approval_id}/withdraw` */
  withdrawApproval(approvalId: string, options?: Options): Promise<Approval>
}
