// One sharp contender on one file: warm up once, measure the rest, say the least CPU and the peak memory as JSON.
// Arguments: folder sharp is installed in, "chain" or "three", file, output folder, iterations.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [installed, way, file, out, iterations] = process.argv.slice(2);
const sharp = createRequire(path.join(path.resolve(installed), "node_modules", "x.js"))("sharp");
sharp.concurrency(1);
sharp.cache(false);

const SIDES = [1600, 512, 256];
const OPEN = { failOn: "none", limitInputPixels: false };
const WEBP = { quality: 80, effort: 2 };
const fit = (side) => ({ width: side, height: side, fit: "inside", withoutEnlargement: true });

async function three(bytes) {
  const made = [];
  for (const side of SIDES) made.push(await sharp(bytes, OPEN).rotate().resize(fit(side)).webp(WEBP).toBuffer());
  return made;
}

async function chain(bytes) {
  const made = [];
  let step = sharp(bytes, OPEN).rotate();
  for (const side of SIDES) {
    const { data, info } = await step.resize(fit(side)).raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    made.push(await sharp(data, { raw }).webp(WEBP).toBuffer());
    step = sharp(data, { raw });
  }
  return made;
}

const ways = { three, chain };
let best = Infinity;
let made = [];
for (let round = 0; round <= Number(iterations); round++) {
  const before = process.cpuUsage();
  made = await ways[way](fs.readFileSync(file));
  const used = process.cpuUsage(before);
  if (round > 0) best = Math.min(best, (used.user + used.system) / 1e6);
}
const peak = /VmHWM:\s+(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"));
SIDES.forEach((side, index) => fs.writeFileSync(path.join(out, `${side}.webp`), made[index]));
console.log(JSON.stringify({ cpu_s: best, peak_bytes: Number(peak[1]) * 1024, bytes: made.map((m) => m.length) }));
