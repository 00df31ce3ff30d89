// An investigator opens a case, another person approves it, and what was known is replayed, day beside day.
export const name = "cases";

const today = new Date();
const year = today.getFullYear();

export async function run(walker) {
  const child = walker.credentials.child_v.child_number;
  const one = await walker.visitor("investigator");
  await one.go("/cases");
  await one.check("cases-none");
  await one.follow("Open a case");
  await one.check("case-new");
  await one.press("Open the case");
  await one.expect("Enter the number of at least one child");
  await one.check("case-new-error", { allowErrors: true });
  const reference = `SCR/${year}-${today.getTime() % 100000}`;
  await one.fill({ reference, children: child, "expires-day": 20, "expires-month": 12, "expires-year": year });
  await one.choose("purpose", "case_review");
  await one.press("Open the case");
  await one.expect("It gives no right until another person approves it");
  await one.check("case-opened");
  const address = new URL(one.tab.url()).pathname;

  const other = await walker.visitor("case_approver");
  await other.go("/cases");
  await other.check("cases-of-others");
  await other.follow(reference);
  await other.check("case-to-approve");
  if ((await other.text()).includes(child)) throw new Error("an approver is shown a child number");
  await other.follow("Approve this case");
  await other.press("Approve the case");
  await other.expect("Choose whether shields are lifted");
  await other.check("case-approve-error", { allowErrors: true });
  await other.choose("lifts", "yes");
  await other.press("Approve the case");
  await other.expect("The case was approved");
  await other.check("case-approved");
  await other.close();

  await one.go(address);
  await one.check("case");
  await one.follow(`Child number ${child}`);
  await one.expect("Every event in order");
  await one.check("replay");
  await one.tab.locator("summary", { hasText: "Choose a day" }).click();
  const slider = one.tab.locator("#as_of-slider");
  await slider.focus();
  for (let press = 0; press < 3; press += 1) await one.tab.keyboard.press("ArrowLeft");
  const day = await one.tab.locator("[name='as_of-day']").inputValue();
  if (!day) throw new Error("the slider does not fill the day");
  await one.press("Show");
  await one.expect("As known at");
  await one.check("replay-day");
  await one.tab.locator("summary", { hasText: "Choose a day" }).click();
  await one.fill({ "compare-day": 1, "compare-month": 6, "compare-year": year });
  await one.press("Show");
  await one.expect("What changed between");
  await one.check("replay-difference");
  await one.go(`${address}/children/${child}?role=practitioner&as_of-day=20&as_of-month=${today.getMonth() + 1}&as_of-year=${year}`);
  await one.check("replay-as-practitioner");
  await one.go(`${address}/children/${child}?as_of-day=31&as_of-month=2&as_of-year=${year}`);
  await one.expect("must be a real day");
  await one.check("replay-error", { allowErrors: true });
  await one.go(address);
  const download = one.tab.waitForEvent("download");
  await one.tab.locator("main a", { hasText: "Download the evidence bundle" }).click();
  const bundle = await download;
  if (!bundle.suggestedFilename().endsWith(".zip")) throw new Error("the bundle is no file");
  await one.close();
}
