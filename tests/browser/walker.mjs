// Walks pages in Chromium as a person would, and checks each state that it comes to.
//
// A check is: no barrier that axe finds (WCAG 2.2 AA), no error in the console (a violated content security policy is
// one), nothing to be moved sideways at 320 pixels and at twice the size of text, forced colours, one heading of the
// first level, no bytes beyond 60 KB, no inline style or script, nothing typed in the address. Pictures of each, as on a
// desk and as on a telephone, are kept in a folder.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const BYTES_MAX = 60 * 1024;
const DESK = { width: 1280, height: 900 };
const TELEPHONE = { width: 375, height: 812 };

export class Walker {
  constructor({ modules, url, credentials, contactpoint, folder }) {
    const require = createRequire(join(resolve(modules), "package.json"));
    this.chromium = require("playwright-core").chromium;
    this.axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    this.url = url;
    this.file = credentials;
    this.credentials = JSON.parse(readFileSync(credentials, "utf8"));
    this.contactpoint = contactpoint;
    this.folder = folder;
    this.found = [];
    this.states = [];
    this.signedIn = new Map();
  }

  async open() {
    this.browser = await this.chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
  }

  close() {
    return this.browser.close();
  }

  // The first person of a role, or the one of a user name.
  user(name) {
    const of = (field) => this.credentials.users.find((one) => one[field] === name);
    const user = of("role") ?? of("username");
    if (!user) throw new Error(`nobody in the credentials is ${name}, by role or user name`);
    return user;
  }

  // A one-time code, as the person's own authenticator would show it.
  code(user) {
    const args = ["demo-code", user.username, "--credentials", this.file];
    return execFileSync(this.contactpoint, args, { encoding: "utf8" }).trim();
  }

  // A browser of its own: cookies of one person, and a list of what the console said.
  async visitor(role, options = {}) {
    const context = await this.browser.newContext({ viewport: DESK, locale: "en-GB", ...options });
    const tab = await context.newPage();
    const visitor = new Visitor(this, context, tab, role ?? "nobody");
    if (role) await visitor.signIn(this.user(role));
    return visitor;
  }

  wrong(where, what) {
    this.found.push({ where, what });
  }
}

class Visitor {
  constructor(walker, context, tab, role) {
    Object.assign(this, { walker, context, tab, role, pages: 0 });
    this.errors = [];
    tab.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
    tab.on("pageerror", (error) => this.errors.push(String(error)));
    tab.on("response", (response) => {
      const page = response.request().isNavigationRequest() && response.request().frame() === tab.mainFrame();
      // What leads on is no page that anybody sees.
      if (page && !(response.status() >= 300 && response.status() < 400)) this.pages += 1;
    });
  }

  async go(path) {
    return this.tab.goto(this.walker.url + path);
  }

  // Sessions are kept a role: a code is taken once, and a person has three at once.
  async signIn(user) {
    const held = this.walker.signedIn.get(user.username);
    if (held) {
      await this.context.addCookies(held);
      await this.go("/");
      return;
    }
    await this.go("/sign-in");
    await this.fill({ username: user.username, password: user.password, otp: this.walker.code(user) });
    await this.press("Sign in");
    const cookies = await this.context.cookies();
    if (!cookies.some((cookie) => cookie.name.endsWith("session"))) throw new Error(`${user.role} could not sign in: ${await this.text()}`);
    this.walker.signedIn.set(user.username, cookies);
  }

  async fill(answers) {
    for (const [name, value] of Object.entries(answers)) {
      await this.tab.locator(`[name="${name}"]:not([type=hidden])`).first().fill(String(value));
    }
  }

  async choose(name, value) {
    await this.tab.locator(`[name="${name}"][value="${value}"]`).first().check();
  }

  async select(name, value) {
    await this.tab.locator(`select[name="${name}"]`).selectOption(value);
  }

  async press(name) {
    await this.tab.getByRole("button", { name, exact: false }).first().click();
    await this.tab.waitForLoadState();
  }

  async follow(name) {
    await this.tab.locator("main a", { hasText: name }).or(this.tab.locator("nav a", { hasText: name })).first().click();
    await this.tab.waitForLoadState();
  }

  async text() {
    return this.tab.locator("main").innerText();
  }

  async expect(text) {
    const found = await this.text();
    if (!found.includes(text)) throw new Error(`expected '${text}' at ${this.tab.url()}, but the page says:\n${found.slice(0, 1500)}`);
  }

  // Judges the page as it stands, and keeps two pictures of it.
  async check(name, { allowErrors = false } = {}) {
    const { tab, walker } = this;
    const where = `${this.role}: ${name}`;
    const address = new URL(tab.url()).pathname + new URL(tab.url()).search;
    await tab.evaluate(walker.axe);
    const judged = async (state) => {
      const { violations } = await tab.evaluate((runOnly) => window.axe.run(document, { runOnly }), RULES);
      for (const rule of violations) {
        walker.wrong(where, `${state}${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
      }
    };
    await judged("");
    const facts = await tab.evaluate(() => ({
      headings: document.querySelectorAll("h1").length,
      inline: document.querySelectorAll("[style], style, script:not([src])").length,
      bytes: new Blob([document.documentElement.outerHTML]).size,
      title: document.title,
    }));
    if (facts.headings !== 1) walker.wrong(where, `${facts.headings} headings of the first level`);
    if (facts.inline) walker.wrong(where, `${facts.inline} inline styles or scripts`);
    if (facts.bytes > BYTES_MAX) walker.wrong(where, `${facts.bytes} bytes`);
    const shot = async (kind) => {
      if (!walker.folder) return;
      mkdirSync(walker.folder, { recursive: true });
      await tab.screenshot({ path: join(walker.folder, `${name}${kind}.png`), fullPage: true });
    };
    await shot("");
    await tab.setViewportSize(TELEPHONE);
    await shot("-telephone");
    await tab.setViewportSize({ width: 320, height: 640 });
    const sideways = () => tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if ((await sideways()) > 0) walker.wrong(where, `${await sideways()} pixels stand out sideways at 320`);
    await judged("at 320: ");
    await tab.setViewportSize(DESK);
    // Text of twice its size on a desk is text on a window of half its width.
    await tab.setViewportSize({ width: DESK.width / 2, height: DESK.height / 2 });
    if ((await sideways()) > 0) walker.wrong(where, `${await sideways()} pixels stand out sideways at 200 %`);
    await tab.setViewportSize(DESK);
    await tab.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await judged("in forced colours: ");
    await tab.emulateMedia({ forcedColors: null, reducedMotion: null });
    const errors = this.errors.splice(0).filter((text) => !(allowErrors && text.includes("status of")));
    for (const error of errors) walker.wrong(where, `console: ${error}`);
    walker.states.push({ name, role: this.role, address, title: facts.title, bytes: facts.bytes });
  }

  // Comes to a control by the tabulator alone.
  async tabTo(name, most = 80) {
    for (let press = 0; press < most; press += 1) {
      await this.tab.keyboard.press("Tab");
      const reached = await this.tab.evaluate((wanted) => {
        const here = document.activeElement;
        return here?.name === wanted || here?.id === wanted || here?.textContent?.trim() === wanted;
      }, name);
      if (reached) return;
    }
    throw new Error(`'${name}' cannot be reached with ${most} presses of the tabulator at ${this.tab.url()}`);
  }

  close() {
    return this.context.close();
  }
}
