// Whoever looks back: a look reviewed, who looked, a record that nobody has a reason to open, and every report.
export const name = "reviewer";

export async function run(walker) {
  await looked(walker);
  const auditor = await walker.visitor("auditor");
  await auditor.go("/reviews");
  await auditor.check("reviews");
  await auditor.follow(/^Review the look/);
  await auditor.check("review");
  await auditor.press("Record the review");
  await auditor.expect("Choose what came of the review");
  await auditor.check("review-error", { allowErrors: true });
  await auditor.choose("outcome", "explained");
  await auditor.press("Record the review");
  await auditor.expect("Your review is recorded");
  await auditor.go("/reviews?state=closed");
  await auditor.check("reviews-closed");
  await auditor.go("/reviews/notices");
  await auditor.check("review-notices");
  await auditor.go("/looks");
  await auditor.check("looks");
  await auditor.fill({ child: walker.credentials.child_v.child_number });
  await auditor.press("Show looks");
  await auditor.expect("What was found");
  await auditor.check("looks-found");
  await auditor.go("/looks/canary");
  await auditor.check("canary");
  await auditor.press("Record it");
  await auditor.check("canary-error", { allowErrors: true });
  await reports(auditor, "");
  await auditor.close();
  const manager = await walker.visitor("user_manager");
  await manager.go("/looks");
  await manager.press("Show looks");
  await manager.check("looks-of-own-staff");
  await reports(manager, "-of-own-staff");
  await manager.close();
}

// A look that is always reviewed: somebody of another authority, in an emergency.
async function looked(walker) {
  const one = await walker.visitor("practitioner");
  await one.go(`/children/${walker.credentials.child_v.child_number}/reason`);
  await one.choose("reason", "emergency");
  await one.press("Open the record");
  await one.close();
}

async function reports(reader, whose) {
  await reader.go("/reports");
  await reader.check(`reports${whose}`);
  const names = await reader.tab.locator("main a[href^='/reports/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const path of names) {
    await reader.go(path);
    await reader.check(`${path.slice(1).replaceAll("/", "-")}${whose}`);
  }
  const year = new Date().getFullYear();
  await reader.go(`/reports/usage?from=${year}-01-01&to=${year}-12-31&group_by=organisation&interval=day`);
  await reader.check(`reports-usage-cut${whose}`);
  await reader.go("/reports/usage?from-day=40&from-month=1&from-year=2026");
  await reader.expect("From must be a real day");
  await reader.check(`reports-usage-error${whose}`, { allowErrors: true });
}
