// @ts-check
// The page of the API: Swagger UI over the document that this very instance serves.
/** @type {any} */ (window).SwaggerUIBundle({
  url: 'v1/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayOperationId: true,
  validatorUrl: null,
})
