// Opens the page of an evidence bundle in Chromium, with no network, and checks bundles in it.
//
//     node tests/browser/bundle.mjs MODULES PAGE.html LOG-KEY-FILE BUNDLE.zip…
//
// MODULES is where `cargo xtask browser` installs the libraries. Prints a JSON object a bundle: what the page said, and
// what is wrong with it by axe (WCAG 2.2 AA). `SCREENSHOTS=FOLDER` keeps a picture of each.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [, , modules, page, keyFile, ...bundles] = process.argv;
const require = createRequire(join(resolve(modules), "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  const context = await browser.newContext({ offline: true });
  const tab = await context.newPage();
  const errors = [], requests = [];
  tab.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  tab.on("pageerror", (error) => errors.push(String(error)));
  tab.on("request", (request) => requests.push(request.url()));
  await tab.goto(pathToFileURL(resolve(page)).href);
  for (const bundle of bundles) {
    await tab.setInputFiles("#file", bundle);
    await tab.fill("#key", readFileSync(keyFile, "utf8").trim());
    await tab.click("#check");
    await tab.waitForFunction(() => /^(Believed|Refused|Unchecked)/.test(document.querySelector("#verdict").textContent));
    const verdict = await tab.textContent("#verdict");
    const rows = await tab.locator("#shown tbody tr").count();
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
    if (process.env.SCREENSHOTS) {
      await tab.screenshot({ path: join(process.env.SCREENSHOTS, `${basename(bundle, ".zip")}.png`), fullPage: true });
    }
    // As on a telephone, or magnified four times: nothing may have to be moved sideways (WCAG 1.4.10).
    await tab.setViewportSize({ width: 320, height: 640 });
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - 320);
    if (process.env.SCREENSHOTS) {
      await tab.screenshot({ path: join(process.env.SCREENSHOTS, `${basename(bundle, ".zip")}-narrow.png`), fullPage: true });
    }
    await tab.setViewportSize({ width: 1280, height: 720 });
    const wrong = violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
    console.log(JSON.stringify({ verdict, rows, wrong, overflow, errors, requests: requests.slice(1) }));
  }
} finally {
  await browser.close();
}
