// A shielded record: found by what is visible on it, brokered, then opened behind its shield with ground and PIN.
export const name = "override";

export async function run(walker) {
  const one = await walker.visitor("practitioner_override");
  const shielded = walker.credentials.examples.shielded;
  const child = shielded.child ?? shielded;
  await one.go("/find");
  await one.fill({ forename: child.forename, surname: child.surname });
  const [year, month, day] = child.date_of_birth.split("-").map(Number);
  await one.fill({ "born-day": day, "born-month": month, "born-year": year });
  await one.choose("reason", "child_protection_enquiry");
  await one.press("Find");
  await one.check("matches-shielded");
  await one.follow(/^Open the record/);
  await one.expect("Where this child is could put them at risk");
  await one.check("record-shielded");
  await one.follow("Ask the directory team to put you in touch");
  await one.check("broker");
  await one.press("Ask the team");
  await one.expect("Enter the number at which the team reaches you");
  await one.check("broker-error", { allowErrors: true });
  await one.fill({ telephone: "020 7946 0111" });
  await one.press("Ask the team");
  await one.expect("The duty desk answers by");
  await one.check("broker-asked");
  await one.go("/find");
  const number = await number_of(walker, child, one);
  await one.go(`/children/${number}/override`);
  await one.expect("Stop: this child's whereabouts are shielded");
  await one.check("override");
  await one.press("Override the shield");
  await one.check("override-error", { allowErrors: true });
  await one.choose("ground", "section47");
  await one.choose("reason", "child_protection_enquiry");
  await one.fill({ pin: "000000" });
  await one.press("Override the shield");
  await one.expect("The PIN is not right");
  await one.check("override-pin-wrong", { allowErrors: true });
  await one.fill({ pin: walker.user("practitioner_override").pin });
  await one.press("Override the shield");
  await one.expect("You have overridden a shield");
  await one.check("record-overridden");
  await one.close();
}

// The number of a child, from the address of its record.
async function number_of(walker, child, one) {
  await one.fill({ forename: child.forename, surname: child.surname });
  const [year, month, day] = child.date_of_birth.split("-").map(Number);
  await one.fill({ "born-day": day, "born-month": month, "born-year": year });
  await one.choose("reason", "child_protection_enquiry");
  await one.press("Find");
  const address = await one.tab.locator('a[href*="/from/"]').first().getAttribute("href");
  return address.split("/")[2];
}
