// Runs the script of crates/evidence/src/verify.html over a bundle, outside a browser, and then over copies of it of
// which one byte was altered.
//
//     node tests/evidence/page.mjs BUNDLE.zip [LOG-KEY-FILE] [ALTERATIONS]
//
// Ends with 0 where the bundle is believed and each alteration is refused or outside what the page reads.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
const page = readFileSync(new URL("../../crates/evidence/src/verify.html", import.meta.url), "utf8");
const script = page.slice(page.indexOf("<script>") + 8, page.indexOf("</script>"));
const { checkBundle, tell, unzip } = new Function(`${script}; return { checkBundle, tell, unzip };`)();
const [, , file, keyFile, alterations = "200"] = process.argv;
const bytes = new Uint8Array(readFileSync(file));
const key = keyFile ? readFileSync(keyFile, "utf8").trim() : "";
const found = await checkBundle(bytes, key);
console.log(tell(found));

// What the page reads are the files in the bundle; names, dates and checksums around them it skips.
const files = unzip(bytes);
const parts = [...files.values()].map((part) => [part.byteOffset, part.byteOffset + part.length]);
let believed = 0;
const step = Math.max(1, Math.floor(bytes.length / Number(alterations)));
let tried = 0;
for (let at = 0; at < bytes.length; at += step) {
  if (!parts.some(([from, to]) => at >= from && at < to)) continue;
  const altered = bytes.slice();
  altered[at] ^= 1 << (at % 8);
  tried += 1;
  try {
    await checkBundle(altered, key);
    console.error(`byte ${at}: believed`);
    believed += 1;
  } catch { /* refused, as it should be */ }
}
console.log(`${tried} bundles of which one byte was altered: ${tried - believed} refused`);
process.exit(believed === 0 ? 0 : 1);
