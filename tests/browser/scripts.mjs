// Opens pages in Chromium with the scripts and the style sheet that every page has, under the policy that every page has.
//
//     node tests/browser/scripts.mjs MODULES STATIC
//
// MODULES is where `cargo xtask browser` installs the libraries, STATIC the folder of what is served. The pages are made
// here, of what the templates write, so that each script is seen alone. Prints a line for each thing that held; ends with
// a failure at the first that did not.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [, , modules, folder] = process.argv;
const require = createRequire(join(resolve(modules), "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const KINDS = { css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

const text = (id, label, type = "text") =>
  `<div class="govuk-form-group"><label class="govuk-label" for="${id}">${label}</label>` +
  `<input class="govuk-input" id="${id}" name="${id}" type="${type}"></div>`;
const button = (words, more = 'data-prevent-double-click="true"') =>
  `<button type="submit" class="govuk-button" ${more}>${words}</button>`;
const passkey = (kind) =>
  `<form method="post" action="/taken" data-passkey="${kind}" data-options="/options/${kind}">` +
  `<input type="hidden" name="passkey" value="">${button("Go on", "hidden")}` +
  `<p class="govuk-error-message" data-passkey-error role="alert" hidden></p></form>`;
const WARNING =
  `<section id="session-warning" class="govuk-notification-banner" aria-labelledby="warned" hidden>` +
  `<div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="warned">You will be ` +
  `signed out soon</h2></div><div class="govuk-notification-banner__content">` +
  `<form method="post" action="/session/extension">${button("Stay signed in", "")}</form></div></section>`;

/** The pages: what stands in main, and what else is told of them. */
const PAGES = {
  "/errors":
    `<div class="govuk-error-summary" data-error-summary tabindex="-1"><div role="alert"><h2 ` +
    `class="govuk-error-summary__title">There is a problem</h2><div class="govuk-error-summary__body"><ul class="govuk-list ` +
    `govuk-error-summary__list"><li><a href="#surname">Enter a surname</a></li></ul></div></div></div>` +
    `<form method="post" action="/taken">${text("surname", "Surname")}${button("Find")}</form>`,
  "/typed":
    `<form method="post" action="/taken"><div class="govuk-form-group"><label class="govuk-label" for="note">Note</label>` +
    `<div class="govuk-hint" id="note-info">You can enter up to 10 characters</div><textarea class="govuk-textarea" id="note" ` +
    `name="note" aria-describedby="note-info" data-maxlength="10"></textarea></div><div class="govuk-form-group"><label ` +
    `class="govuk-label" for="secret">Password</label><div class="govuk-input__wrapper govuk-password-input__wrapper"><input ` +
    `class="govuk-input govuk-password-input__input" id="secret" name="secret" type="password"><button type="button" ` +
    `class="govuk-button govuk-button--secondary govuk-password-input__toggle" data-show-password="secret" ` +
    `aria-controls="secret" aria-label="Show Password" hidden>Show</button></div></div>${button("Send")}</form>`,
  "/read":
    `<button type="button" class="govuk-button" data-print hidden>Print</button><form method="get" action="/read">` +
    `<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">As known on</legend>` +
    `${text("on-day", "Day")}${text("on-month", "Month")}${text("on-year", "Year")}</fieldset><div class="govuk-form-group" ` +
    `hidden><label class="govuk-label" for="slider">Slide to a day</label><input id="slider" type="range" min="0" max="400" ` +
    `value="400" data-date-slider="on" data-from="2025-11-01"></div>${button("Show")}</form><div class="cp-scroll" tabindex="0" ` +
    `role="region" aria-label="Looks"><table class="govuk-table" data-sortable><caption class="govuk-table__caption">Looks` +
    `</caption><thead><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">Who</th><th scope="col" ` +
    `class="govuk-table__header">When</th><th scope="col" class="govuk-table__header">How many</th></tr></thead><tbody>` +
    [["Bea", "2026-01-02", "9"], ["Al", "2026-03-01", "1,000"], ["Cy", "2025-12-31", "10"]]
      .map(([who, when, many]) => `<tr><td>${who}</td><td><time datetime="${when}">then</time></td><td>${many}</td></tr>`)
      .join("") + `</tbody></table></div>`,
  "/session": WARNING + text("surname", "Surname"),
  "/live": `<h2 class="govuk-heading-m">Now</h2><div data-live="/part"><p class="govuk-body">turn 0 <a ` +
    `class="govuk-link" href="/errors">more</a></p></div>`,
  "/sign-in": `<form method="post" action="/taken">${text("username", "User name")}</form>${passkey("sign-in")}`,
  "/register": passkey("register"),
  "/printed":
    `<p class="govuk-body">Not on paper</p><div class="cp-printable"><p class="cp-printed-by">Printed by an invented person` +
    `</p><p class="govuk-body">The story</p></div>`,
};

/** What the server was asked, and how it answers. */
const asked = [];
const answers = { turn: 0, extension: 204, challenge: {} };

function page(path) {
  const of = (name) => (path === name ? ` data-session-seconds="600"` : "");
  const may = path === "/printed" ? " cp-may-print" : "";
  return (
    `<!DOCTYPE html><html lang="en-GB" class="govuk-template"><head><meta charset="utf-8"><title>${path} - Contactpoint</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/icon.svg">` +
    `<link rel="stylesheet" href="/site.css"><script type="module" src="/site.js"></script>` +
    `<script type="module" src="/passkey.js"></script><script type="module" src="/live.js"></script></head>` +
    `<body class="govuk-template__body${may}"${of("/session")}><header class="govuk-generic-header cp-header"><div ` +
    `class="govuk-generic-header__container govuk-width-container"><div class="govuk-generic-header__logo"><a href="/errors" ` +
    `class="govuk-generic-header__homepage-link">Contactpoint</a></div></div></header><div class="govuk-width-container">` +
    `<main class="govuk-main-wrapper"><h1 class="govuk-heading-l">A page</h1>${PAGES[path] ?? "<p>There.</p>"}</main></div>` +
    `<footer class="govuk-footer"><div class="govuk-width-container"><ul class="govuk-footer__inline-list"><li ` +
    `class="govuk-footer__inline-list-item"><a class="govuk-footer__link" href="/help">Help</a></li></ul></div></footer>` +
    `</body></html>`
  );
}

const server = createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  let body = "";
  for await (const chunk of request) body += chunk;
  if (request.method === "POST") asked.push({ path, body, type: request.headers["content-type"] });
  const kind = KINDS[path.split(".")[1]];
  const send = (status, type, content) => {
    response.writeHead(status, { "content-type": type, "content-security-policy": POLICY, "cache-control": "no-store" });
    response.end(content);
  };
  if (kind) return send(200, kind, readFileSync(join(folder, path)));
  if (path === "/part") return send(200, "text/html", page("/live").replace("turn 0", `turn ${++answers.turn}`));
  if (path === "/session/extension") return send(answers.extension, "text/plain", "");
  if (path.startsWith("/options/")) return send(201, "application/json", JSON.stringify(answers.challenge[path.slice(9)]));
  send(200, "text/html; charset=utf-8", page(path));
}).listen(0, "127.0.0.1");
await new Promise((listening) => server.once("listening", listening));
const { port } = server.address();
// Passkeys are bound to a name; a number has none.
const at = `http://localhost:${port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

/** Opens a page, and fails afterwards if the console told of anything. */
async function on(path, what, act, { clock = false, away = false, ...options } = {}) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  const errors = [];
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
  tab.on("pageerror", (error) => errors.push(String(error)));
  asked.length = 0;
  if (clock) await tab.clock.install({ time: new Date("2026-11-23T12:00:00Z") });
  await tab.goto(at + path);
  await act(tab, context);
  // A browser tells by itself that a server is away.
  assert.deepEqual(errors.filter((error) => !(away && error.startsWith("Failed to load resource"))), [], what);
  await context.close();
  console.log(what);
}

const focused = (tab) => tab.evaluate(() => document.activeElement.id || document.activeElement.className);
const sent = (path) => asked.filter((one) => one.path === path);

try {
  for (const path of Object.keys(PAGES)) {
    await on(path, `${path} keeps nobody out, wide or narrow`, async (tab) => {
      await tab.evaluate(axe);
      const found = await tab.evaluate((runOnly) => window.axe.run(document, { runOnly }), RULES);
      assert.deepEqual(found.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))]), []);
      await tab.setViewportSize({ width: 320, height: 640 });
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320);
    });
  }

  await on("/errors", "the error summary has the focus, and leads to its field", async (tab) => {
    assert.equal(await focused(tab), "govuk-error-summary");
    await tab.click("text=Enter a surname");
    assert.equal(await focused(tab), "surname");
    assert.equal(new URL(tab.url()).hash, "");
  });

  await on("/errors", "a form that is sent twice at once is sent once", async (tab) => {
    // A server that takes its time: the page stays while it is pressed again.
    await tab.route("**/taken", () => undefined);
    let times = 0;
    tab.on("request", (request) => (times += request.url().endsWith("/taken")));
    await tab.evaluate(() => {
      const press = document.querySelector("[data-prevent-double-click]");
      press.click();
      setTimeout(() => press.click(), 50);
      setTimeout(() => press.click(), 100);
    });
    await tab.waitForTimeout(400);
    assert.equal(times, 1);
  });

  await on("/typed", "room left is counted by letters, to see at once and to hear in a pause", async (tab) => {
    const seen = tab.locator(".govuk-character-count__message");
    assert.equal(await seen.textContent(), "You have 10 characters left");
    await tab.fill("#note", "nine 👧 xy");
    assert.equal(await seen.textContent(), "You have 1 character left");
    await tab.fill("#note", "far too long");
    assert.equal(await seen.textContent(), "You have 2 characters too many");
    await tab.locator("[aria-live]", { hasText: "2 characters too many" }).waitFor({ state: "attached" });
  });

  await on("/typed", "a password is shown when asked, and hidden before it is sent", async (tab) => {
    const kind = () => tab.getAttribute("#secret", "type");
    await tab.click("text=Show");
    assert.deepEqual([await kind(), await tab.getAttribute("[data-show-password]", "aria-label")], ["text", "Hide Password"]);
    await tab.click("text=Hide");
    assert.equal(await kind(), "password");
    await tab.click("text=Show");
    await tab.evaluate(() => document.forms[0].addEventListener("submit", (event) => event.preventDefault()));
    await tab.click("text=Send");
    assert.equal(await kind(), "password");
  });

  await on("/read", "a day is chosen by sliding or by typing", async (tab) => {
    const day = async () => [await tab.inputValue("#on-day"), await tab.inputValue("#on-month"), await tab.inputValue("#on-year")];
    await tab.fill("#slider", "30");
    assert.deepEqual(await day(), ["1", "12", "2025"]);
    assert.equal(await tab.getAttribute("#slider", "aria-valuetext"), "1 December 2025");
    await tab.fill("#on-day", "31");
    assert.equal(await tab.inputValue("#slider"), "60");
    await tab.fill("#on-day", "thirty");
    assert.equal(await tab.inputValue("#slider"), "60");
  });

  await on("/read", "a table is put in the order of a column", async (tab) => {
    const order = () => tab.locator("tbody tr td:first-child").allTextContents();
    for (const [column, rows] of [["Who", "Al Bea Cy"], ["When", "Cy Bea Al"], ["How many", "Bea Cy Al"]]) {
      await tab.click(`th >> text=${column}`);
      assert.equal((await order()).join(" "), rows);
    }
    await tab.click("th >> text=How many");
    assert.equal((await order()).join(" "), "Al Cy Bea");
    assert.deepEqual(await tab.locator("th[aria-sort]").allTextContents(), ["How many"]);
  });

  await on("/read", "a page is printed by its button", async (tab) => {
    await tab.evaluate(() => (window.print = () => (document.title = "printed")));
    await tab.click("text=Print");
    assert.equal(await tab.title(), "printed");
  });

  await on("/session", "two minutes before its end the session can be kept, without losing one's place", async (tab) => {
    await tab.focus("#surname");
    await tab.clock.fastForward("07:59");
    assert.equal(await tab.isVisible("#session-warning"), false);
    await tab.clock.fastForward("00:02");
    assert.equal(await focused(tab), "session-warning");
    answers.extension = 503;
    await tab.click("text=Stay signed in");
    await tab.waitForSelector("text=Try again");
    answers.extension = 204;
    await tab.click("text=Stay signed in");
    await tab.waitForSelector("#session-warning", { state: "hidden" });
    assert.equal(await focused(tab), "surname");
    await tab.clock.fastForward("07:59");
    assert.equal(await tab.isVisible("#session-warning"), false);
  }, { clock: true, away: true });

  await on("/session", "a session that nobody kept ends where it says so", async (tab) => {
    await tab.clock.fastForward("08:01");
    await tab.clock.fastForward("02:01");
    await tab.waitForURL("**/signed-out?why=idle");
  }, { clock: true });

  await on("/session", "a page that is opened beside keeps the session of this one", async (tab, context) => {
    await tab.clock.fastForward("08:01");
    assert.ok(await tab.isVisible("#session-warning"));
    await (await context.newPage()).goto(`${at}/session`);
    await tab.waitForSelector("#session-warning", { state: "hidden" });
  }, { clock: true });

  await on("/live", "a part is kept as it is now, unless it is held or stopped", async (tab) => {
    await tab.clock.runFor(5_100);
    await tab.waitForSelector("text=turn 1");
    await tab.focus("text=more");
    const next = tab.waitForEvent("requestfinished");
    await tab.clock.runFor(5_100);
    await next;
    assert.ok(await tab.isVisible("text=turn 1"));
    await tab.click("text=Stop updating");
    const before = answers.turn;
    await tab.clock.runFor(30_000);
    assert.equal(answers.turn, before);
    await tab.click("text=Go on updating");
    await tab.clock.runFor(5_100);
    await tab.waitForSelector(`text=turn ${before + 1}`);
  }, { clock: true });

  const challenge = "AAECAwQFBgcICQoLDA0ODw";
  const algorithms = [-8, -7, -257].map((alg) => ({ type: "public-key", alg }));
  answers.challenge.register = {
    options: {
      rp: { id: "localhost", name: "Contactpoint" },
      user: { id: "AQIDBA", name: "invented", displayName: "invented" },
      challenge,
      pubKeyCredParams: algorithms,
      timeout: 120_000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none",
    },
  };
  await on("/register", "a passkey is made, asked for by user name, and sent as it was written", async (tab, context) => {
    const wire = await context.newCDPSession(tab);
    await wire.send("WebAuthn.enable");
    const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
    const added = { ...options, isUserVerified: true, automaticPresenceSimulation: true };
    await wire.send("WebAuthn.addVirtualAuthenticator", { options: added });
    await tab.click("text=Go on");
    await tab.waitForURL("**/taken");
    assert.deepEqual([sent("/options/register")[0].type, sent("/options/register")[0].body], ["application/json", "{}"]);
    const made = JSON.parse(new URLSearchParams(sent("/taken")[0].body).get("passkey"));
    assert.deepEqual(Object.keys(made).sort(), ["id", "rawId", "response", "type"]);
    const bytes = (letters) => Buffer.from(letters, "base64url");
    const said = JSON.parse(bytes(made.response.clientDataJSON));
    assert.deepEqual([said.type, said.challenge, said.origin], ["webauthn.create", challenge, at]);
    assert.ok([-8, -7].includes(made.response.publicKeyAlgorithm));
    assert.ok(bytes(made.response.publicKey).length > 40 && bytes(made.response.authenticatorData).length > 100);

    const allowCredentials = [{ type: "public-key", id: made.id }];
    const asking = { challenge, timeout: 120_000, rpId: "localhost", allowCredentials, userVerification: "required" };
    answers.challenge["sign-in"] = { options: asking };
    await tab.goto(`${at}/sign-in`);
    await tab.click("text=Go on");
    await tab.waitForSelector("text=Enter your user name first.");
    assert.equal(await focused(tab), "username");
    await tab.fill("#username", "invented");
    await tab.click("text=Go on");
    await tab.waitForURL("**/taken");
    assert.equal(sent("/options/sign-in")[0].body, '{"username":"invented"}');
    const signed = JSON.parse(new URLSearchParams(sent("/taken")[1].body).get("passkey"));
    assert.equal(signed.id, made.id);
    assert.equal(JSON.parse(bytes(signed.response.clientDataJSON)).type, "webauthn.get");
    assert.ok(bytes(signed.response.signature).length > 60 && bytes(signed.response.authenticatorData).length === 37);
  });

  await on("/register", "what an authenticator refuses is told in words", async (tab) => {
    await tab.evaluate(() => {
      navigator.credentials.create = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await tab.click("text=Go on");
    await tab.waitForSelector("text=it was cancelled, or it took too long");
    assert.equal(sent("/taken").length, 0);
  });

  await on("/typed", "without scripts there is nothing that does nothing", async (tab) => {
    assert.equal(await tab.isVisible("[data-show-password]"), false);
    assert.ok(await tab.isVisible("#note-info"));
    await tab.goto(`${at}/register`);
    assert.equal(await tab.isVisible("form[data-passkey] button"), false);
    await tab.goto(`${at}/read`);
    assert.equal(await tab.isVisible("#slider"), false);
    assert.equal(await tab.isVisible("[data-print]"), false);
  }, { javaScriptEnabled: false });

  await on("/printed", "of a page that may be printed, only what is marked is; of any other, nothing", async (tab) => {
    await tab.emulateMedia({ media: "print" });
    const visible = async (words) => tab.isVisible(`text=${words}`);
    assert.deepEqual([await visible("The story"), await visible("Printed by"), await visible("Not on paper")], [true, true, false]);
    assert.equal(await visible("Contactpoint"), false);
    await tab.goto(`${at}/typed`);
    assert.deepEqual([await visible("A page"), await visible("Password"), await visible("Help")], [false, false, false]);
  });
} finally {
  await browser.close();
  server.close();
}
