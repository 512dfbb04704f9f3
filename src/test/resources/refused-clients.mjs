// Clients of the Model Context Protocol by both lines of its TypeScript library, each of which starts a server that is refused:
// node refused-clients.mjs SDK-FOLDER COMMAND...
// Prints, for each, a line of JSON: which it is, what its user is told, and how long that took.
import { pathToFileURL } from "node:url";

const [folder, command, ...args] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${folder}/node_modules/@modelcontextprotocol/${name}`));
const first = { ...(await load("sdk/dist/esm/client/index.js")), ...(await load("sdk/dist/esm/client/stdio.js")) };
const second = { ...(await load("client/dist/index.mjs")), ...(await load("client/dist/stdio.mjs")) };

async function connect(which, { Client, StdioClientTransport }, options) {
  const began = Date.now();
  const client = new Client({ name: "test", version: "1" }, options);
  let told = "connected";
  try {
    await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "ignore" }));
  } catch (error) {
    told = String(error);
  }
  const millis = Date.now() - began;
  await client.close();
  console.log(JSON.stringify({ which, told, millis, closed: Date.now() - began }));
}

await connect("1.32", first, {});
await connect("2.4 legacy", second, { versionNegotiation: { mode: "legacy" } });
await connect("2.4 auto", second, { versionNegotiation: { mode: "auto" } });
await connect("2.4 modern", second, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
