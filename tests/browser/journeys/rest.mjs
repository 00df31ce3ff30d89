// Pages that no other journey has reason to come to: each by its own address.
export const name = "rest";

export async function run(walker) {
  const child = walker.credentials.child_v.child_number;
  const client = walker.credentials.clients.find((one) => one.service === "school").client_id;
  const nobodys = "0190a3c4d5e67f8091a2b3c4d5e6f708";
  const ways = {
    nobody: [["/counters", "counters"]],
    data_manager: [
      [`/team/notices/given?child=${child}&audience=household`, "notice-given"],
      [`/team/notices/parent?child=${child}`, "notice-parent"],
      [`/team/transfers/${nobodys}`, "transfer-decide"],
    ],
    authority_team: [
      [`/clients/${client}/revocation`, "client-revocation"],
      [`/clients/${client}`, "client-to-retire"],
    ],
    administrator: [["/team/notices/version", "notice-version"], ["/policy/proposal", "policy-proposal"]],
  };
  for (const [role, pages] of Object.entries(ways)) {
    const one = await walker.visitor(role === "nobody" ? null : role);
    for (const [path, state] of pages) {
      const response = await one.go(path);
      if (response.status() >= 500) walker.wrong(`${role}: ${path}`, `answered ${response.status()}`);
      await one.check(state, { allowErrors: response.status() >= 400 });
    }
    const retire = one.tab.locator('main a[href*="/retirement?"]').first();
    if (role === "authority_team" && (await retire.count())) {
      await retire.click();
      await one.tab.waitForLoadState();
      await one.check("client-retirement");
    }
    await one.close();
  }
}
