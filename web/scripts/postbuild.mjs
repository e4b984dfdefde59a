// Lay a brotli and a gzip twin beside every text file of the export, so that the server never compresses by itself.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const EXPORT = path.resolve(import.meta.dirname, "../out");
const TEXT = /\.(css|html|js|json|svg|txt)$/;
const MIN_BYTES = 1024; // below one packet a smaller body saves nobody anything

let files = 0;
let raw = 0;
let packed = 0;
for (const name of readdirSync(EXPORT, { recursive: true })) {
  const file = path.join(EXPORT, name);
  if (!TEXT.test(file) || !statSync(file).isFile()) continue;
  const body = readFileSync(file);
  if (body.length < MIN_BYTES) continue;
  const brotli = brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
  files += 1;
  raw += body.length;
  packed += brotli.length;
}
console.log(`precompressed ${files} files: ${Math.round(raw / 1024)} KB -> ${Math.round(packed / 1024)} KB brotli`);
