// Walks every journey through the pages of a running demonstration, and says what is wrong with any state of any page.
//
//     node tests/browser/pages.mjs MODULES URL CREDENTIALS CONTACTPOINT PICTURES [JOURNEY…]
//
// MODULES is where `cargo xtask browser` installs the libraries. Prints a JSON object: the states that were come to, and
// what was found; ends with 1 if anything was, or if a journey could not be walked to its end.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Walker } from "./walker.mjs";

const [, , modules, url, credentials, contactpoint, folder, ...wanted] = process.argv;
const walker = new Walker({ modules, url, credentials, contactpoint, folder });
await walker.open();
try {
  const files = readdirSync(join(import.meta.dirname, "journeys")).filter((file) => file.endsWith(".mjs")).sort();
  for (const file of files) {
    const journey = await import(`./journeys/${file}`);
    if (wanted.length && !wanted.includes(journey.name)) continue;
    try {
      await journey.run(walker);
    } catch (error) {
      walker.wrong(`journey ${journey.name}`, String(error?.stack ?? error));
    }
  }
} finally {
  await walker.close();
}
console.log(JSON.stringify({ states: walker.states, found: walker.found }, null, 1));
process.exitCode = walker.found.length ? 1 : 0;
