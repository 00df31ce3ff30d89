// What every page gains where scripts run. Each page works without it.
//
// A part looks for its own marks in the page, and does nothing where there are none.

/** How long the page warns before the session ends. */
const WARNED_MS = 120_000;

/** Within this time the same form is not sent again. */
const AGAIN_MS = 5_000;

/** How long nobody types before a count is read out. */
const QUIET_MS = 1_000;

const DAY_MS = 86_400_000;

/** An element with a class and a text. */
function made(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Takes whoever reads to what is wrong, and from there to each field. */
function errorSummary() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    // Its question is to be read too, and stands above it.
    const question = field.closest("fieldset")?.querySelector("legend") ?? field.labels?.[0] ?? field;
    question.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

/** Sends a form once, however often its button is pressed. */
function onceOnly() {
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[data-prevent-double-click]")) return;
    const last = sent.get(event.target) ?? -AGAIN_MS;
    // After a while it may be sent again: what came may be a file, with the page left as it is.
    if (event.timeStamp - last < AGAIN_MS) event.preventDefault();
    else sent.set(event.target, event.timeStamp);
  });
}

/** Says how much room is left in a long answer: at once to see, and in a pause to hear. */
function counted(area) {
  const most = Number(area.dataset.maxlength);
  const info = document.getElementById(`${area.id}-info`);
  if (!info || !(most > 0)) return;
  const seen = made("div", "govuk-hint govuk-character-count__message");
  seen.setAttribute("aria-hidden", "true");
  const heard = made("div", "govuk-visually-hidden");
  heard.setAttribute("aria-live", "polite");
  info.classList.add("govuk-visually-hidden");
  info.after(seen, heard);
  let pause;
  const tell = () => {
    const left = most - [...area.value].length;
    const number = Math.abs(left);
    const letters = number === 1 ? "character" : "characters";
    seen.textContent = `You have ${number} ${letters} ${left < 0 ? "too many" : "left"}`;
    seen.classList.toggle("govuk-error-message", left < 0);
    seen.classList.toggle("govuk-hint", left >= 0);
    clearTimeout(pause);
    pause = setTimeout(() => (heard.textContent = seen.textContent), QUIET_MS);
  };
  area.addEventListener("input", tell);
  tell();
}

/** Lets whoever types a password see it. */
function shown(button) {
  const field = document.getElementById(button.dataset.showPassword);
  if (!field) return;
  const name = field.labels?.[0]?.textContent.trim() ?? "password";
  const status = made("span", "govuk-visually-hidden");
  status.setAttribute("aria-live", "polite");
  button.after(status);
  const turn = (visible) => {
    field.type = visible ? "text" : "password";
    button.textContent = visible ? "Hide" : "Show";
    button.setAttribute("aria-label", `${button.textContent} ${name}`);
  };
  button.addEventListener("click", () => {
    const visible = field.type === "password";
    turn(visible);
    status.textContent = visible ? "What you typed is visible" : "What you typed is hidden";
  });
  // Browsers remember what stands in plain fields.
  field.form?.addEventListener("submit", () => turn(false));
  button.hidden = false;
}

/** Warns before the session ends, and lets it go on. */
function session() {
  const seconds = Number(document.body.dataset.sessionSeconds);
  const warning = document.getElementById("session-warning");
  const form = warning?.querySelector("form");
  if (!form || !(seconds > 0)) return;
  // Other pages of the same session keep it alive as well; they say so to one another, and nothing else.
  const others = new BroadcastChannel("contactpoint-session");
  let ends, before, timer;
  const over = () => location.assign("/signed-out?why=idle");
  const look = () => {
    // By the clock: a machine that slept has not counted.
    const left = ends - Date.now();
    if (left <= 0) return over();
    if (left <= WARNED_MS && warning.hidden) {
      before = document.activeElement;
      warning.hidden = false;
      warning.tabIndex = -1;
      // Not on the button: a space that is typed this moment must not press it.
      warning.focus();
    }
    clearTimeout(timer);
    timer = setTimeout(look, left > WARNED_MS ? left - WARNED_MS : left);
  };
  const again = () => {
    ends = Date.now() + seconds * 1_000;
    if (!warning.hidden) {
      const within = warning.contains(document.activeElement);
      warning.hidden = true;
      warning.querySelector(".govuk-error-message")?.remove();
      if (within) before?.focus();
    }
    look();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    const sent = { method: "POST", body, credentials: "same-origin", redirect: "manual" };
    const answer = await fetch(form.action, sent).catch(() => null);
    if (answer?.ok) {
      again();
      others.postMessage("extended");
    } else if (answer && answer.status < 500 && answer.status !== 429) {
      over();
    } else if (!warning.querySelector(".govuk-error-message")) {
      const failed = made("p", "govuk-error-message", "You could not be kept signed in. Try again.");
      failed.setAttribute("role", "alert");
      form.prepend(failed);
    }
  });
  others.addEventListener("message", again);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  others.postMessage("loaded");
  again();
}

/** Prints the page. */
function printing(button) {
  button.addEventListener("click", () => print());
  button.hidden = false;
}

/** Chooses a day by sliding: the fields beside, which are what is sent, follow; and the slider follows them. */
function sliding(slider) {
  const first = Date.parse(slider.dataset.from);
  const named = (name) => slider.form?.elements.namedItem(`${slider.dataset.dateSlider}${name}`);
  const parts = [named("-year"), named("-month"), named("-day")];
  const whole = named("");
  const fields = parts.every(Boolean) ? parts : [whole];
  if (!fields[0] || Number.isNaN(first)) return;
  const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
  const told = () => {
    const day = new Date(first + Number(slider.value) * DAY_MS);
    slider.setAttribute("aria-valuetext", words.format(day));
    return day.toISOString().slice(0, 10);
  };
  const follow = () => {
    const text = fields.map((field) => field.value.trim().padStart(2, "0")).join("-");
    const day = Date.parse(text);
    if (!Number.isNaN(day)) slider.value = Math.round((day - first) / DAY_MS);
    told();
  };
  slider.addEventListener("input", () => {
    const day = told();
    const values = fields.length === 1 ? [day] : day.split("-").map((part) => String(Number(part)));
    fields.forEach((field, index) => (field.value = values[index]));
  });
  for (const field of fields) field.addEventListener("input", follow);
  follow();
  const around = slider.closest("[hidden]");
  if (around) around.hidden = false;
}

/** What a cell is put in order by: its moment, its number, or its words. */
function weight(cell) {
  const text = cell.querySelector("time")?.dateTime ?? cell.textContent.trim();
  const number = Number(text.replaceAll(",", "").replace("%", ""));
  return text !== "" && !Number.isNaN(number) ? number : text;
}

function inOrder(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en-GB");
}

/** Puts the rows of a table in the order of a column. */
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, column) => {
    // A column without a name holds what to do, and has no order.
    if (head.textContent.trim() === "") return;
    const button = made("button", "cp-link-button cp-sort", head.textContent);
    button.type = "button";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const rows = [...body.rows].map((row) => [weight(row.cells[column]), row]);
      rows.sort(([one], [other]) => sign * inOrder(one, other));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

errorSummary();
onceOnly();
session();
document.querySelectorAll("textarea[data-maxlength]").forEach(counted);
document.querySelectorAll("button[data-show-password]").forEach(shown);
document.querySelectorAll("button[data-print]").forEach(printing);
document.querySelectorAll("input[data-date-slider]").forEach(sliding);
document.querySelectorAll("table[data-sortable]").forEach(sortable);
