// Every role: the start, and whatever its menu leads to; what it has no right to is said on a page.
export const name = "roles";

export async function run(walker) {
  const roles = [...new Set(walker.credentials.users.map((user) => user.role))];
  for (const role of roles) {
    const one = await walker.visitor(role);
    await one.go("/");
    await one.check(`${role}-start`);
    const ways = await one.tab.locator("#navigation a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    for (const way of ways.filter((href) => href !== "/")) {
      const response = await one.go(way);
      if (response.status() !== 200) walker.wrong(`${role}: ${way}`, `its own menu leads to ${response.status()}`);
      await one.check(`${role}${way.replaceAll("/", "-")}`, { allowErrors: response.status() !== 200 });
    }
    await one.close();
  }
  // A practitioner has none of these, and the operator no child.
  const practitioner = await walker.visitor("practitioner");
  for (const way of ["/team/queue", "/operator", "/organisations"]) {
    const response = await practitioner.go(way);
    if (![403, 404].includes(response.status())) walker.wrong(`practitioner: ${way}`, `answered ${response.status()}`);
  }
  practitioner.errors.length = 0;
  await practitioner.close();
  const operator = await walker.visitor("operator");
  const child = walker.credentials.child_v.child_number;
  await operator.go(`/children/${child}/reason`);
  if ((await operator.text()).includes("Vianne")) walker.wrong("operator", "sees a name");
  operator.errors.length = 0;
  await operator.close();
}
