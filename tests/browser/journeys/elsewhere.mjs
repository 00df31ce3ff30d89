// A link on another site's page, as in an email that is read in a browser: whoever is signed in comes to what it names,
// by one page of ours between; whoever is not, to the sign-in.
import { createServer } from "node:http";

export const name = "elsewhere";

export async function run(walker) {
  const ours = new URL(walker.url);
  const page = (way) => `<!doctype html><html lang="en"><title>Elsewhere</title><body>${way}`;
  const link = page(`<a href="${walker.url}/account">The message</a>`);
  const script = page(`<script>location.href = "${walker.url}/account"</script>`);
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(request.url === "/script" ? script : link);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  // Another name of the same machine is another site.
  const other = ours.hostname === "localhost" ? "127.0.0.1" : "localhost";
  const theirs = `http://${other}:${server.address().port}`;
  try {
    for (const javaScriptEnabled of [true, false]) {
      const one = await walker.visitor("practitioner", { javaScriptEnabled });
      await one.tab.goto(theirs);
      one.pages = 0;
      await one.tab.locator("a").click();
      await one.tab.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
      if (one.pages !== 2) throw new Error(`${one.pages} pages from another site to ours, not the one between and the one named`);
      await one.close();
    }

    const led = await walker.visitor("practitioner");
    await led.tab.goto(`${theirs}/script`);
    await led.tab.getByRole("heading", { level: 1, name: "Continue" }).waitFor();
    await led.check("from-elsewhere");
    await led.follow("Continue to Contactpoint");
    await led.expect("Your account");
    await led.close();

    const nobody = await walker.visitor(null);
    await nobody.tab.goto(theirs);
    await nobody.tab.locator("a").click();
    await nobody.tab.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await nobody.close();
  } finally {
    server.close();
  }
}
