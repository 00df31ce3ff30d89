// Without a mouse, and without scripts: from the sign-in to a telephone number.
export const name = "keyboard";

export async function run(walker) {
  const child = walker.credentials.child_v.child_number;
  const one = await walker.visitor("practitioner");
  await one.go("/");
  await one.tab.keyboard.press("Tab");
  const first = await one.tab.evaluate(() => document.activeElement.textContent);
  if (first !== "Skip to main content") throw new Error(`the first stop is '${first}'`);
  await one.tab.keyboard.press("Enter");
  await one.go("/find");
  await one.tabTo("surname");
  await one.tab.keyboard.type("Lorell");
  await one.tabTo("age");
  await one.tab.keyboard.type("8");
  await one.tabTo("reason");
  await one.tab.keyboard.press("Space");
  await one.tab.keyboard.press("Enter");
  await one.tab.waitForLoadState();
  await one.expect("Best first");
  await one.tabTo(`Open the record of Vianne Lorel`, 60);
  await visible(walker, one);
  await one.tab.keyboard.press("Enter");
  await one.tab.waitForLoadState();
  await one.expect("Whom to ring now");
  const stops = await one.tab.locator("main a, main [tabindex='0'], main summary").count();
  for (let stop = 0; stop < Math.min(stops, 40); stop += 1) {
    await one.tab.keyboard.press("Tab");
    await visible(walker, one);
  }
  await one.close();

  // The same without scripts: forms, errors, records.
  const plain = await walker.visitor("practitioner", { javaScriptEnabled: false });
  await plain.go("/find");
  await plain.press("Find");
  await plain.expect("There is a problem");
  await plain.fill({ surname: "Lorell", age: 8 });
  await plain.choose("reason", "new_referral");
  await plain.press("Find");
  await plain.tab.locator(`a[href*="/children/${child}/from/"]`).click();
  await plain.expect("Whom to ring now");
  await plain.tab.locator("summary").first().click();
  const errors = plain.errors.filter((text) => !text.includes("status of 422"));
  if (errors.length) walker.wrong("without scripts", errors.join("; "));
  await plain.close();
}

// Where the keyboard stands can be seen: an outline, a ground or a shadow of its own.
async function visible(walker, one) {
  const seen = await one.tab.evaluate(() => {
    const here = document.activeElement;
    if (!here || here === document.body) return true;
    const style = getComputedStyle(here), box = here.getBoundingClientRect();
    const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
    return marked && box.bottom > 0 && box.top < innerHeight;
  });
  if (!seen) {
    const what = await one.tab.evaluate(() => document.activeElement.outerHTML.slice(0, 120));
    walker.wrong("keyboard", `where it stands cannot be seen: ${what}`);
  }
}
