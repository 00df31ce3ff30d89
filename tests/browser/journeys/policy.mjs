// What the policy says, for whoever may act; an authority's administrator is not offered to change what holds for all.
export const name = "policy";

export async function run(walker) {
  const one = await walker.visitor("administrator");
  await one.go("/policy");
  await one.expect("Settings in force");
  for (const summary of await one.tab.locator("main summary").all()) await summary.click();
  await one.check("policy");
  if (await one.tab.locator('a[href="/policy/proposal"]').count()) throw new Error("a change is offered that is refused");
  await one.close();
}
