"""Every operation Packshot asks of the Shopify Admin API, version 2026-10. A test holds each to the vendor's schema.

None changes what it does not name: media that are not listed stay. `WRITES` are repeated only after reading back.
"""

VERSION = "2026-10"
SCOPES = ("read_products", "write_products", "read_files", "write_files")

WHO_AM_I = """query WhoAmI {
  currentAppInstallation { accessScopes { handle } } shop { id name myshopifyDomain } }"""
BULK_CATALOGUE = """{ productVariants { edges { node { id sku title product { id title handle status } } } } }"""
BULK_RUN = """mutation BulkRun($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: false) {
  bulkOperation { id status } userErrors { field message code } } }"""
BULK_POLL = """query BulkPoll($id: ID!) { bulkOperation(id: $id) {
  id status errorCode rootObjectCount url partialDataUrl } }"""
PRODUCT_MEDIA = """query ProductMedia($id: ID!, $first: Int!, $after: String) { product(id: $id) {
  id title handle status featuredMedia { id }
  media(first: $first, after: $after, sortKey: POSITION) { pageInfo { hasNextPage endCursor }
    nodes { id alt status mediaContentType ... on MediaImage { fileStatus image { url } } } }
  variants(first: 250) { pageInfo { hasNextPage endCursor }
    nodes { id sku title media(first: 1) { nodes { id } } } } } }"""
PRODUCT_VARIANTS = """query ProductVariants($id: ID!, $first: Int!, $after: String) { product(id: $id) {
  id title handle status variants(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
    nodes { id sku title media(first: 1) { nodes { id } } } } } }"""
CHANGED_PRODUCTS = """query ChangedProducts($q: String, $first: Int!, $after: String, $reverse: Boolean!) {
  products(first: $first, after: $after, query: $q, sortKey: UPDATED_AT, reverse: $reverse) {
    pageInfo { hasNextPage endCursor } nodes { id updatedAt } } }"""
HOOKS = """query Hooks($uri: String!, $first: Int!, $after: String) {
  webhookSubscriptions(first: $first, after: $after, uri: $uri) {
    pageInfo { hasNextPage endCursor } nodes { id topic uri } } }"""
FILES_BY_NAME = """query FilesByName($q: String!, $first: Int!, $after: String) {
  files(first: $first, after: $after, query: $q, sortKey: ID) { pageInfo { hasNextPage endCursor }
    nodes { id alt fileStatus ... on MediaImage { image { url } } } } }"""
POLL_FILES = """query PollFiles($ids: [ID!]!) { nodes(ids: $ids) { id ... on MediaImage {
  alt fileStatus fileErrors { code details message } image { url width height } } } }"""
JOB_STATUS = """query JobStatus($id: ID!) { job(id: $id) { id done } }"""

STAGED_UPLOADS = """mutation StagedUploads($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }"""
FILE_CREATE = """mutation FileCreate($files: [FileCreateInput!]!) { fileCreate(files: $files) {
  files { id alt fileStatus } userErrors { field message code } } }"""
FILE_UPDATE = """mutation FileUpdate($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
  files { id alt fileStatus ... on MediaImage { image { url } } } userErrors { field message code } } }"""
FILE_DELETE = """mutation FileDelete($ids: [ID!]!) { fileDelete(fileIds: $ids) {
  deletedFileIds userErrors { field message code } } }"""
FILE_ACKNOWLEDGE = """mutation FileAck($ids: [ID!]!) { fileAcknowledgeUpdateFailed(fileIds: $ids) {
  files { id fileStatus } userErrors { field message code } } }"""
REORDER = """mutation Reorder($id: ID!, $moves: [MoveInput!]!) { productReorderMedia(id: $id, moves: $moves) {
  job { id done } mediaUserErrors { field message code } } }"""
VARIANT_IMAGES = """mutation VariantImages($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants, allowPartialUpdates: true) {
    productVariants { id sku media(first: 1) { nodes { id } } } userErrors { field message code } } }"""
HOOK_CREATE = """mutation HookCreate($topic: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $s) {
    webhookSubscription { id topic uri } userErrors { field message } } }"""
HOOK_DELETE = """mutation HookDelete($id: ID!) { webhookSubscriptionDelete(id: $id) {
  deletedWebhookSubscriptionId userErrors { field message } } }"""

READS = (
    WHO_AM_I, BULK_POLL, PRODUCT_MEDIA, PRODUCT_VARIANTS, CHANGED_PRODUCTS, HOOKS, FILES_BY_NAME, POLL_FILES,
    JOB_STATUS,
)  # fmt: skip
WRITES = (
    BULK_RUN, STAGED_UPLOADS, FILE_CREATE, FILE_UPDATE, FILE_DELETE, FILE_ACKNOWLEDGE, REORDER, VARIANT_IMAGES,
    HOOK_CREATE, HOOK_DELETE,
)  # fmt: skip
