// A mediator looks for a colleague who rings: with the code that the colleague reads out, and by calling back.
export const name = "mediated";

export async function run(walker) {
  const one = await walker.visitor("mediator");
  const caller = walker.credentials.users.find((user) => user.username === "social.worker");
  await one.go("/find");
  await one.expect("User name of the colleague you ask for");
  await one.check("find-mediated");
  const criteria = { forename: "Viane", surname: "Lorell", age: 8 };
  await one.fill(criteria);
  await one.choose("reason", "new_referral");
  await one.fill({ colleague: "nobody.here", pin: walker.user("mediator").pin });
  await one.press("Find");
  await one.expect("no account in good standing".replace("no", "No"));
  await one.check("find-mediated-error", { allowErrors: true });
  // What was typed stands there still, but for the PIN, which holds for five minutes.
  await one.fill({ colleague: caller.username, code: walker.code(caller) });
  await one.press("Find");
  await one.expect("Best first");
  await one.check("matches-mediated");
  await one.follow(/^Open the record/);
  await one.expect("Why are you looking?");
  await one.check("reason-mediated", { allowErrors: true });
  await one.choose("reason", "new_referral");
  await one.fill({ colleague: caller.username });
  await one.press("Open the record");
  await one.expect("Whom to ring now");
  await one.check("record-mediated");
  await one.close();
}
