"""A Shopify for one machine: several shops behind one port, each below its own path; nothing of it is ever shipped.

Where a shop has `https://{shop}` (`{shop}` is `name.myshopify.com`), here it is `http://127.0.0.1:PORT/{shop}`: the
pattern of the address in the settings is all that differs. `/admin/…` without a shop before it is that of the shop
that `Host` names, or else of the first. Below the address of a shop:

POST `/admin/oauth/access_token`                client credentials, as a form or JSON; 24 h
POST `/admin/api/2026-10/graphql.json`          with `X-Shopify-Access-Token`
POST, PUT `/uploads`                            staged uploads, as `stagedUploadsCreate` names them
GET `/bulk/{id}.jsonl`, `/cdn/files/{name}`     as the answers name them; no token
GET `/`                                         the storefront, with a merchant's buttons

What the vendor's API cannot do is `/__standin__/…` (`control.py`), below the address of a shop or before it.
`connection.json` in the folder of the state says how to connect. To run it alone:
`python -m standins.shopify --port 8790 --state FOLDER`.
"""
