// How long pages of a running demonstration take to their first byte, and how large they are.
//
//     node tests/browser/first_byte.mjs URL CREDENTIALS CONTACTPOINT [REQUESTS]
//
// Signs in as the practitioner, looks for the invented child, and asks for each page one request after the other; opening
// a record is an fsync each time, and a person meets a ceiling of looks, so few are asked for. Prints a line a page: median and 95th percentile in milliseconds, bytes.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [, , url, credentials, contactpoint, requests = "40"] = process.argv;
const held = JSON.parse(readFileSync(credentials, "utf8"));
const user = held.users.find((one) => one.role === "practitioner");
const code = execFileSync(contactpoint, ["demo-code", user.username, "--credentials", credentials], { encoding: "utf8" });

async function send(path, fields, cookie = "") {
  const headers = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", cookie };
  const answer = await fetch(url + path, { method: "POST", redirect: "manual", headers, body: new URLSearchParams(fields) });
  await answer.text();
  return answer;
}

const signedIn = await send("/sign-in", { username: user.username, password: user.password, otp: code.trim() });
const cookie = signedIn.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
if (!cookie.includes("session=")) throw new Error("the practitioner could not sign in");
const child = held.child_v.child_number;
await send(`/children/${child}/reason`, { reason: "new_referral" }, cookie);
const search = await send("/find", { surname: "Lorell", age: "8", reason: "new_referral" }, cookie);

const pages = { "sign-in": "/sign-in", start: "/", find: "/find", matches: search.headers.get("location"), record: `/children/${child}`, "our children": "/children" };
for (const [name, path] of Object.entries(pages)) {
  const times = [];
  let bytes = 0;
  for (let request = 0; request < Number(requests); request += 1) {
    const begun = performance.now();
    const answer = await fetch(url + path, { headers: name === "sign-in" ? {} : { cookie }, redirect: "manual" });
    // The head has come: the first byte of a page that is sent whole.
    times.push(performance.now() - begun);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    bytes = (await answer.arrayBuffer()).byteLength;
  }
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1);
  console.log(`${name.padEnd(14)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  ${bytes} bytes`);
}
