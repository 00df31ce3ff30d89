// How long pages of a running demonstration take to their first byte, and how large they are.
//
//     node tests/browser/first_byte.mjs URL CREDENTIALS CONTACTPOINT [REQUESTS]
//
// Signs in as each role, and asks for each page of its menu one request after the other; opening a record is an fsync each
// time, and a person meets a ceiling of looks, so few are asked for. Prints a line a page: median and 95th percentile in
// milliseconds, bytes. Ends with 1 if a page is refused.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [, , url, credentials, contactpoint, requests = "40"] = process.argv;
const held = JSON.parse(readFileSync(credentials, "utf8"));
const child = held.child_v.child_number;

async function send(path, fields, cookie = "") {
  const headers = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", cookie };
  const answer = await fetch(url + path, { method: "POST", redirect: "manual", headers, body: new URLSearchParams(fields) });
  await answer.text();
  return answer;
}

async function signIn(role) {
  const user = held.users.find((one) => one.role === role);
  const code = execFileSync(contactpoint, ["demo-code", user.username, "--credentials", credentials], { encoding: "utf8" });
  const answer = await send("/sign-in", { username: user.username, password: user.password, otp: code.trim() });
  const cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  if (!cookie.includes("session=")) throw new Error(`${role} could not sign in`);
  return cookie;
}

async function measure(role, path, cookie) {
  const times = [];
  let bytes = 0;
  for (let request = 0; request < Number(requests); request += 1) {
    const begun = performance.now();
    const answer = await fetch(url + path, { headers: { cookie }, redirect: "manual" });
    // The head has come: the first byte of a page that is sent whole.
    times.push(performance.now() - begun);
    bytes = (await answer.arrayBuffer()).byteLength;
    if (answer.status !== 200) {
      console.log(`${role} ${path}: ${answer.status}`);
      process.exitCode = 1;
      return;
    }
  }
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1).padStart(7);
  // Which search, which child: no matter for the time.
  const page = path.replace(/\d+/g, "N");
  console.log(`${role.padEnd(15)} ${page.padEnd(26)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  ${String(bytes).padStart(6)} bytes`);
}

await measure("nobody", "/sign-in", "");
await measure("nobody", "/status", "");

const practitioner = await signIn("practitioner");
await send(`/children/${child}/reason`, { reason: "new_referral" }, practitioner);
const finds = [
  // The invented child, misspelt; and a name that a nation has often.
  { surname: "Lorell", age: "8", reason: "new_referral" },
  { surname: "Smith", forename: "Olivia", age: "8", reason: "new_referral" },
];
const found = [];
for (const criteria of finds) found.push((await send("/find", criteria, practitioner)).headers.get("location"));
for (const path of ["/", "/find", ...found, `/children/${child}`, "/children", "/inbox", "/account/looks"]) {
  await measure("practitioner", path, practitioner);
}

const reports = ["usage", "access_review", "overrides", "coverage", "data_quality", "expiries", "consent_reseek", "shields_due", "ended_not_closed"];
const menus = {
  data_manager: ["/", "/team", "/team/queue", "/team/discrepancies", "/team/brokering", "/team/shields", "/team/transfers", "/team/requests", "/team/notices", "/team/purges", "/team/worklist"],
  auditor: ["/", "/reviews", "/looks", "/organisations", "/people", ...reports.map((name) => `/reports/${name}`)],
  administrator: ["/organisations", "/people", "/people/expiries", "/policy"],
  investigator: ["/cases"],
  operator: ["/operator", "/operator/stream"],
};
for (const [role, paths] of Object.entries(menus)) {
  const cookie = await signIn(role);
  for (const path of paths) await measure(role, path, cookie);
}
