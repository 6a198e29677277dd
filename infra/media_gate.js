// The media host's gate: opens /<hour>/<mac>/<rendition key>, as chalicelib/domain/sealing.py seals it.
// Runs at CloudFront's edge (JavaScript runtime 2.0) before its cache, so an address that is over opens nothing.
import cf from "cloudfront";
import crypto from "crypto";

const GRACE_S = 600;

function refusal(status, text) {
  return { statusCode: status, statusDescription: text, headers: { "cache-control": { value: "no-store" } } };
}

function same(one, other) {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length && i < other.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}

async function handler(event) {
  const request = event.request;
  const found = /^\/([0-9]{1,9})\/([0-9a-f]{32})\/([A-Za-z0-9._/-]+)$/.exec(request.uri);
  if (!found) return refusal(404, "Not Found");
  const key = Buffer.from(await cf.kvs().get("media-key"), "hex");
  const hour = parseInt(found[1], 10);
  const mac = crypto.createHmac("sha256", key).update(`${hour}/${found[3]}`).digest("hex").substring(0, 32);
  if (!same(mac, found[2])) return refusal(404, "Not Found");
  if (Date.now() / 1000 >= (hour + 1) * 3600 + GRACE_S) return refusal(410, "Gone");
  request.uri = `/${found[3]}`;
  return request;
}
