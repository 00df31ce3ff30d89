// Every field of every form filled with what is meant to do harm: it comes back as text, and nothing typed is lost.
export const name = "hostile";

const CORPUS = [
  `<script>window.hit=1</script>`,
  `"><img src=x onerror="window.hit=1">`,
  `'><svg onload=window.hit=1>`,
  `</textarea></title><script>window.hit=1</script>`,
  `javascript:window.hit=1`,
  `{{7*7}}{% raw %}\${7*7}<%= 7*7 %>`,
  `&lt;script&gt;window.hit=1&lt;/script&gt;`,
  `\u202Etxt.exe \u{1F9D2}`,
  `=HYPERLINK("http://elsewhere.example","x")`,
  `' OR 1=1; --`,
];

// Forms of people, by role; `NUMBER` is the invented child's.
const FORMS = {
  null: ["/sign-in", "/enrolment"],
  practitioner: [
    "/find", "/children/NUMBER/reason", "/children/NUMBER/involvements/new", "/children/NUMBER/consent",
    "/children/NUMBER/wrong", "/children/NUMBER/shield", "/children/NUMBER/broker", "/children/new?search=x", "/confirm",
  ],
  mediator: ["/find"],
  data_manager: [
    "/children/NUMBER/merge", "/children/NUMBER/split", "/children/NUMBER/hold", "/children/NUMBER/request",
    "/children/NUMBER/archive-age", "/children/NUMBER/hold/lifting",
  ],
  authority_team: ["/organisations/new", "/people/new", "/organisations", "/people"],
  auditor: ["/looks", "/looks/canary"],
  investigator: ["/cases/new"],
  administrator: ["/policy/proposal", "/team/notices/version"],
};

export async function run(walker) {
  for (const [role, addresses] of Object.entries(FORMS)) {
    const one = await walker.visitor(role === "null" ? null : role);
    one.tab.on("dialog", (dialog) => {
      walker.wrong(`${role}: hostile`, `a dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    for (const address of addresses) {
      const path = address.replace("NUMBER", walker.credentials.child_v.child_number);
      for (const payload of CORPUS) await filled(walker, one, path, payload, `${role} at ${address}`);
    }
    one.errors.length = 0;
    await one.close();
  }
}

async function filled(walker, one, path, payload, where) {
  const response = await one.go(path);
  if (response.status() === 404) throw new Error(`${where}: there is no such form`);
  // Browsers take some characters out of a field themselves; what is left is what was typed.
  const fields = one.tab.locator("main input[type=text]:visible, main textarea:visible");
  const typed = [];
  for (let index = 0; index < (await fields.count()); index += 1) {
    await fields.nth(index).fill(payload);
    typed.push(await fields.nth(index).inputValue());
  }
  if (typed.length === 0) return;
  const button = one.tab.locator("main form button[type=submit]:visible").first();
  await button.click();
  await one.tab.waitForLoadState();
  const seen = await one.tab.evaluate(() => ({
    hit: window.hit,
    foreign: document.querySelectorAll('img[src="x"], svg[onload], main script, [onerror]').length,
    values: [...document.querySelectorAll("main input[type=text], main textarea")].map((field) => field.value),
  }));
  if (seen.hit || seen.foreign) walker.wrong(where, `markup out of ${payload}`);
  const errors = one.errors.splice(0).filter((text) => !text.includes("status of"));
  if (errors.length) walker.wrong(where, `console: ${errors.join("; ")}`);
  const lost = typed[0].trim() && !seen.values.some((value) => value.trim() === typed[0].trim());
  if (lost) walker.wrong(where, `${JSON.stringify(payload)} was lost: the form came back with ${JSON.stringify(seen.values.slice(0, 3))}`);
}
