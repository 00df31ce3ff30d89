// From a name to a telephone number, in at most five pages, with a misspelt name; then with the keyboard alone.
export const name = "find";

export async function run(walker) {
  const nobody = await walker.visitor(null);
  await nobody.go("/");
  await nobody.check("start-signed-out");
  await nobody.go("/sign-in");
  await nobody.check("sign-in");
  await nobody.press("Sign in");
  await nobody.expect("Enter your user name");
  await nobody.check("sign-in-error", { allowErrors: true });
  for (const page of ["help", "fair-processing", "privacy", "accessibility", "api", "status"]) {
    await nobody.go(`/${page}`);
    await nobody.check(page);
  }
  await nobody.close();

  const one = await walker.visitor("practitioner");
  await one.go("/");
  await one.check("start");
  one.pages = 0;
  await one.follow("Find a child");
  await one.check("find");
  await one.press("Find");
  await one.expect("Choose why you are looking");
  await one.check("find-error", { allowErrors: true });
  const wanted = walker.credentials.child_v;
  await one.fill({ forename: "Viane", surname: "Lorell", age: 8 });
  await one.choose("reason", "new_referral");
  await one.press("Find");
  await one.check("matches");
  await one.tab.locator(`a[href*="/children/${wanted.child_number}/from/"]`).click();
  await one.expect("Whom to ring now");
  const dialled = await one.tab.locator('a[href^="tel:"]').count();
  if (!dialled) throw new Error("no telephone number on the record");
  await one.check("record");

  // The shortest way, and how many pages it takes: the start, the questions, who it might be, the record.
  await one.go("/");
  one.pages = 1;
  await one.follow("Find a child");
  await one.fill({ surname: "Lorell", age: 8 });
  await one.choose("reason", "new_referral");
  await one.press("Find");
  await one.follow(/^Open the record/);
  if (!(await one.tab.locator('a[href^="tel:"]').count())) throw new Error("no telephone number at the end of the way");
  if (one.pages > 5) walker.wrong("find", `${one.pages} pages from the start to a telephone number`);
  await one.close();
}
