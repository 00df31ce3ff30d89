// The directory team: an item of the queue compared and decided, two records side by side, the desk, shields, transfers,
// a request of a child to its pack, and what is kept and told.
export const name = "team";

export async function run(walker) {
  await queued(walker, ["queued", "twin"]);
  const team = await walker.visitor("data_manager");
  await team.go("/team");
  await team.check("team");
  const numbers = await queue(team);
  await merge(team, numbers);
  await desk(walker, team, numbers[0]);
  await shield(team);
  await transfer(team, numbers[0]);
  await request(team, numbers[0]);
  for (const [path, state] of [
    ["/team/discrepancies", "discrepancies"],
    ["/team/worklist", "worklist"],
    ["/team/notices", "notices"],
    ["/team/purges", "purges"],
    [`/children/${numbers[0]}/hold`, "hold"],
    [`/children/${numbers[0]}/hold/lifting`, "hold-lifting"],
    [`/children/${numbers[0]}/archive-age`, "archive-age"],
    [`/children/${numbers[0]}/archive-age/withdrawal`, "archive-age-withdrawal"],
    [`/children/${numbers[0]}/split`, "split"],
  ]) {
    await team.go(path);
    await team.check(state);
  }
  await team.close();
}

// What a case management system sends about children whom a person has to tell apart.
async function queued(walker, examples) {
  const client = walker.credentials.clients.find((one) => one.service === "social_care");
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const asked = { authorization: `Basic ${basic}`, "content-type": "application/x-www-form-urlencoded" };
  const token = await fetch(`${walker.url}/oauth/token`, { method: "POST", headers: asked, body: "grant_type=client_credentials" });
  const { access_token } = await token.json();
  for (const example of examples) {
    const child = walker.credentials.examples[example].child ?? walker.credentials.examples[example];
    const event = {
      specversion: "1.0", id: `journey-${example}`, source: "/journey", type: "uk.contactpoint.child.described.v1", data: { child },
    };
    const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/cloudevents+json" };
    await fetch(`${walker.url}/api/v1/events`, { method: "POST", headers, body: JSON.stringify(event) });
  }
}

async function queue(team) {
  await team.go("/team/queue");
  await team.check("queue");
  const items = await team.tab.locator("main a", { hasText: "Compare and decide" }).evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const numbers = [];
  for (const item of items) {
    await team.go(item);
    const found = (await team.text()).match(/Child number (\d{11})/);
    if (found) numbers.push(found[1]);
  }
  await team.go(items[0]);
  await team.tab.locator("main details summary").first().click();
  await team.check("compare");
  await team.press("Decide");
  await team.expect("Choose what is decided");
  await team.expect("The records are not opened again");
  await team.check("compare-error", { allowErrors: true });
  await team.choose("decision", `link ${numbers[0]}`);
  await team.press("Decide");
  await team.expect(`It went to child number ${numbers[0]}`);
  await team.check("queue-decided");
  return numbers;
}

async function merge(team, [one, other]) {
  await team.go(`/children/${one}/merge`);
  await team.check("merge");
  await team.fill({ with: other });
  await team.press("Put them side by side");
  await team.expect("Which number stays?");
  await team.check("merge-beside");
  await team.press("Merge the two records");
  await team.expect("Choose which number stays");
  await team.check("merge-error", { allowErrors: true });
}

async function desk(walker, team, number) {
  const asker = await walker.visitor("practitioner");
  const session = (await asker.context.cookies()).find((cookie) => cookie.name.endsWith("session"));
  // The token is what stands before the point.
  const headers = { authorization: `Bearer ${session.value.split(".")[0]}`, "content-type": "application/json" };
  const contacts = [{ kind: "telephone", use: "duty", value: "020 7946 0003", hours: "9 to 5" }];
  const ask = (path, body) => fetch(`${walker.url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  await ask("/brokering", { child_number: number, about: "sensitive", reason: "assessment", contacts });
  await ask("/shields", { child_number: number, ground: "domestic_abuse" });
  await asker.close();
  await team.go("/team/brokering");
  await team.expect("020 7946 0003");
  await team.check("desk");
  await team.follow(/^Answer/);
  await team.check("desk-answer");
  await team.press("Answer");
  await team.expect("Choose what came of it");
  await team.check("desk-answer-error", { allowErrors: true });
  await team.choose("outcome", "callback_arranged");
  await team.press("Answer");
  await team.expect("Whoever asked is told what came of it");
}

async function shield(team) {
  await team.go("/team/shields");
  await team.check("shields");
  await team.follow(/^Decide/);
  await team.check("shield-decide");
  await team.choose("decision", "refuse");
  await team.press("Record the decision");
  await team.expect("The request is refused");
}

async function transfer(team, number) {
  await team.go(`/children/${number}/transfer`);
  await team.check("transfer");
  const other = await team.tab.locator("select[name=to] option").evaluateAll((options) => options.map((one) => [one.value, one.textContent]));
  await team.select("to", other.find(([value, text]) => value && !text.includes("your own"))[0]);
  await team.press("Propose it");
  await team.expect("Waits for the other");
  await team.check("transfers");
}

async function request(team, number) {
  await team.go(`/children/${number}/reason`);
  await team.choose("reason", "data_quality");
  await team.press("Open the record");
  await team.go(`/children/${number}/request`);
  await team.check("request-enter");
  await team.press("Enter the request");
  await team.check("request-error", { allowErrors: true });
  await team.choose("asked_by", "child");
  await team.choose("asked", "access");
  await team.choose("competence", "assessed_competent");
  await team.choose("proof", "photo_document");
  await team.press("Enter the request");
  await team.expect("The request is entered");
  await team.check("request");
  const here = team.tab.url();
  await team.follow("Withhold, or taken back");
  await team.check("request-answer");
  await team.tab.goto(here);
  await team.follow("Make the pack");
  await team.check("pack-before");
  await team.follow("Make the pack");
  await team.expect("Printed by");
  await team.check("pack");
  await team.go("/team/requests");
  await team.check("requests");
}
