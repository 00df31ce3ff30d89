// How the server stands, and the log by its headers alone.
export const name = "operator";

export async function run(walker) {
  const one = await walker.visitor("operator");
  await one.go("/operator");
  await one.expect("Read models");
  await one.check("operator");
  await one.follow("Browse the log by its headers");
  await one.check("operator-stream");
  await one.follow("Later records");
  await one.expect("Earlier records");
  await one.close();
}
