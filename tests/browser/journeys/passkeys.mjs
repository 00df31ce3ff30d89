// A passkey: made after the PIN, signed in by, confirmed by, and removed. The authenticator is the browser's own for tests.
export const name = "passkeys";

// Nobody else's journey: their session ends with the passkey.
const PERSON = "dunlarrow";

export async function run(walker) {
  // Browsers make passkeys for names and not for addresses.
  if (!walker.url.includes("//localhost")) throw new Error("the server is to be come to by the name localhost");
  const one = await walker.visitor(PERSON);
  const session = await one.context.newCDPSession(one.tab);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  await session.send("WebAuthn.addVirtualAuthenticator", { options });
  await one.go("/account/passkeys");
  await one.expect("passkey");
  await one.go("/confirm?next=/account/passkeys");
  await one.fill({ pin: walker.user(PERSON).pin });
  await one.press("Confirm with the PIN");
  await one.check("passkeys-none");
  await one.tab.locator("form[data-passkey=register] button").click();
  await one.tab.getByText("The passkey was registered.").waitFor();
  await one.check("passkeys-one");

  await one.press("Sign out");
  await one.tab.locator("main h1", { hasText: "Sign in" }).waitFor();
  walker.signedIn.delete(walker.user(PERSON).username);
  await one.fill({ username: walker.user(PERSON).username });
  await one.tab.locator("form[data-passkey=sign-in] button").click();
  await one.tab.getByRole("button", { name: "Sign out" }).waitFor();
  await one.go("/confirm?next=/account");
  await one.tab.locator("form[data-passkey=step-up] button").click();
  await one.tab.locator("main h1", { hasText: "Your account" }).waitFor();

  await one.go("/account/passkeys");
  await one.follow(/^Remove/);
  await one.expect("Remove");
  await one.check("passkey-removal");
  await one.press("Remove this passkey");
  await one.close();
}
