// From a school that nobody knows to a person who signs in: registered, its conditions met, accredited, signed, its
// client added; then a person through the gates, with a code, who takes up the account.
import { createHmac } from "node:crypto";

export const name = "onboarding";

const year = new Date().getFullYear();
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// The one-time code of a key in base 32, as an authenticator shows it (RFC 6238).
function codeOf(key) {
  const bits = [...key].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", secret).update(step).digest();
  const at = digest[digest.length - 1] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export async function run(walker) {
  const number = String(Date.now() % 1_000_000).padStart(6, "0");
  const id = `urn:${number}`;
  const one = await walker.visitor("authority_team");
  await one.go("/organisations");
  await one.check("organisations");
  await one.follow("Register an organisation");
  await one.check("organisation-new");
  await one.press("Register");
  await one.check("organisation-new-error", { allowErrors: true });
  const authority = await authorityOf(one);
  await one.go("/organisations/new");
  await one.fill({ id, name: `Invented School ${number}`, authority, telephone: "020 7946 0123" });
  await one.select("kind", "school");
  await one.choose("service", "school");
  await one.press("Register");
  await one.expect("Next come its conditions");
  await one.check("organisation-registered");
  await one.tab.locator(".govuk-task-list__link").first().click();
  await one.check("condition");
  await one.press("Record that it is met");
  await one.check("condition-error", { allowErrors: true });
  await one.go(`/organisations/${id}/accredit`);
  await one.choose("participation", "both");
  await one.fill({ "until-day": 1, "until-month": 6, "until-year": year + 1 });
  await one.press("Accredit");
  await one.check("accredit-refused", { allowErrors: true });
  // Each key condition in turn, as the task list leads to it.
  for (let condition = 0; condition < 28; condition += 1) {
    await one.go(`/organisations/${id}`);
    const open = one.tab.locator(".govuk-task-list__item", { hasText: "To be met" }).locator("a");
    if (!(await open.count())) break;
    await open.first().click();
    await one.fill({ "met_on-day": 2, "met_on-month": 11, "met_on-year": year });
    await one.fill({ "valid_until-day": 1, "valid_until-month": 5, "valid_until-year": year + 1 });
    await one.press("Record that it is met");
    await one.expect("recorded as met");
  }
  for (const kind of ["supply", "sharing"]) {
    await one.go(`/organisations/${id}/agreement`);
    await one.choose("kind", kind);
    await one.fill({ version: 1, "until-day": 1, "until-month": 6, "until-year": year + 1 });
    await one.press("Record an agreement");
    await one.expect("The agreement was recorded");
  }
  await one.go(`/organisations/${id}/accredit`);
  await one.choose("participation", "both");
  await one.fill({ "until-day": 1, "until-month": 6, "until-year": year + 1 });
  await one.press("Accredit");
  await one.expect("was accredited");
  await one.check("organisation-accredited");
  await one.follow("Add a client");
  await one.check("client-new");
  await one.press("Add the client");
  await one.expect("The secret is shown this once");
  await one.check("client-added");
  await one.go(`/organisations/${id}`);
  await one.tab.locator('main a[href^="/clients/"]').first().click();
  await one.check("client");
  await one.follow("Add a secret");
  await one.check("client-secret-new");
  await one.press("Add the secret");
  await one.expect("The secret is shown this once");
  await one.check("client-secret-added");
  await one.follow("Back to the client");
  await one.follow("Add a key");
  await one.fill({ pem: "no key" });
  await one.press("Add it");
  await one.check("client-key-error", { allowErrors: true });

  await one.go(`/people/new?organisation=${id}`);
  await one.check("person-new");
  await one.press("Create the account");
  await one.check("person-new-error", { allowErrors: true });
  const username = `starter.${number}`;
  await one.fill({ name: "Wren Starter", username });
  await one.choose("role", "practitioner");
  await one.press("Create the account");
  await one.expect("may not act before its gates are passed");
  await one.check("person-created");
  const person = new URL(one.tab.url()).pathname;
  for (let gate = 0; gate < 7; gate += 1) {
    await one.go(person);
    const open = one.tab.locator(".govuk-task-list__item", { hasText: "To be passed" }).locator("a");
    if (!(await open.count())) break;
    await open.first().click();
    if (await one.tab.locator("[name='valid_until-day']").count()) {
      await one.press("Record that it is passed");
      await one.expect("Enter the last day it holds");
      await one.check("gate-error", { allowErrors: true });
      await one.fill({ "valid_until-day": 1, "valid_until-month": 5, "valid_until-year": year + 1 });
    }
    await one.press("Record that it is passed");
    await one.expect("recorded as passed");
  }
  await one.go(person);
  await one.follow("Make an enrolment code");
  await one.check("enrolment-code-new");
  await one.press("Make the code");
  await one.check("enrolment-code");
  const code = await one.tab.locator("dd code").first().innerText();

  const starter = await walker.visitor(null);
  await starter.go("/enrolment");
  await starter.check("enrolment");
  const password = "invented words in a row";
  await starter.fill({ username, code, password, again: "others", pin: "4821" });
  await starter.press("Take up the account");
  await starter.expect("The two passwords differ");
  await starter.check("enrolment-error", { allowErrors: true });
  await starter.fill({ password, again: password, pin: "4821" });
  await starter.press("Take up the account");
  await starter.expect("The key is shown this once");
  await starter.check("enrolled");
  const key = (await starter.tab.locator("dd code").first().innerText()).replaceAll(" ", "");

  await one.go(`${person}/activation`);
  await one.check("activation");
  await one.press("Activate");
  await one.expect("The account was activated");
  await one.go(person);
  await one.check("person");

  await starter.go("/sign-in");
  await starter.fill({ username, password, otp: codeOf(key) });
  await starter.press("Sign in");
  await starter.expect("Find a child".slice(0, 4));
  await starter.go("/account/passkeys");
  await starter.check("passkeys");
  await starter.go("/account/relationships");
  await starter.press("Declare the relationship");
  await starter.check("relationships-error", { allowErrors: true });
  await starter.fill({ child_number: walker.credentials.child_v.child_number });
  await starter.press("Declare the relationship");
  await starter.expect("The relationship was declared");
  await starter.fill({ house: "12 Mill Lane", town: "London", postcode: "N17 6AA" });
  await starter.press("Declare your home");
  await starter.expect("Your home was declared");
  await starter.check("relationships");
  await starter.go("/account/identities");
  await starter.check("identities");
  await starter.close();

  for (const [act, title] of [["suspension", "Suspend"], ["closure", "Close"], ["relationship", "Withdraw a relationship"]]) {
    await one.go(`${person}/${act}`);
    await one.check(`person-${act}`);
    if (act === "suspension") {
      await one.choose("ground", "manager_request");
      await one.press(title);
      await one.expect("The account is suspended");
      await one.go(`${person}/reinstatement`);
      await one.press("End the suspension");
      await one.expect("The suspension was ended");
    }
  }
  await one.go(`/people?organisation=${id}`);
  await one.check("people");
  await one.go("/people/expiries");
  await one.check("expiries");
  await one.close();
}

// The authority of whoever is signed in: the first of its kind in their list.
async function authorityOf(one) {
  await one.go("/organisations");
  const row = one.tab.locator("tr", { hasText: "Local authority" }).first().locator("a");
  return decodeURIComponent((await row.getAttribute("href")).split("/")[2]);
}
