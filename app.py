"""Table of contents: every route and every job of Packshot is registered here, and nothing else happens here."""

from chalicelib.handlers import (
    approvals,
    assets,
    audit,
    collections,
    comments,
    connections,
    deciding,
    drop_credentials,
    explaining,
    grants,
    indexing,
    ingest,
    jobs,
    keys,
    members,
    naming,
    notices,
    openapi,
    roles,
    search,
    searches,
    sessions,
    skus,
    uploads,
    workspaces,
)
from chalicelib.handlers.http import Product

app = Product(app_name="packshot")

app.register_blueprint(sessions.api.blueprint)
app.register_blueprint(collections.api.blueprint)
app.register_blueprint(assets.api.blueprint)
app.register_blueprint(deciding.api.blueprint)
app.register_blueprint(approvals.api.blueprint)
app.register_blueprint(comments.api.blueprint)
app.register_blueprint(notices.api.blueprint)
app.register_blueprint(roles.api.blueprint)
app.register_blueprint(members.api.blueprint)
app.register_blueprint(grants.api.blueprint)
app.register_blueprint(explaining.api.blueprint)
app.register_blueprint(workspaces.api.blueprint)
app.register_blueprint(audit.api.blueprint)
app.register_blueprint(audit.jobs.blueprint)
app.register_blueprint(keys.api.blueprint)
app.register_blueprint(drop_credentials.api.blueprint)
app.register_blueprint(uploads.api.blueprint)
app.register_blueprint(ingest.api.blueprint)
app.register_blueprint(ingest.jobs.blueprint)
app.register_blueprint(connections.api.blueprint)
app.register_blueprint(connections.jobs.blueprint)
app.register_blueprint(jobs.api.blueprint)
app.register_blueprint(jobs.jobs.blueprint)
app.register_blueprint(indexing.jobs.blueprint)
app.register_blueprint(naming.api.blueprint)
app.register_blueprint(skus.api.blueprint)
app.register_blueprint(search.api.blueprint)
app.register_blueprint(searches.api.blueprint)
app.register_blueprint(openapi.api.blueprint)
