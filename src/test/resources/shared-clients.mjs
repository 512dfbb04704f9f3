// Clients of the Model Context Protocol by both lines of its TypeScript library, all at once, each with a start of its own of
// the same command, which is server-everything or something before it: node shared-clients.mjs SDK-FOLDER COMMAND...
// Or all by HTTP: node shared-clients.mjs SDK-FOLDER http://HOST:PORT/mcp TOKEN
// Prints a line of JSON for each: which it is, the tools, what was echoed, and the progress of an operation.
import { pathToFileURL } from "node:url";

const [folder, command, ...args] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${folder}/node_modules/@modelcontextprotocol/${name}`));
const first = {
  ...(await load("sdk/dist/esm/client/index.js")),
  ...(await load("sdk/dist/esm/client/stdio.js")),
  ...(await load("sdk/dist/esm/client/streamableHttp.js")),
};
const second = { ...(await load("client/dist/index.mjs")), ...(await load("client/dist/stdio.mjs")) };

function transport({ StdioClientTransport, StreamableHTTPClientTransport }) {
  return command.startsWith("http:")
    ? new StreamableHTTPClientTransport(new URL(command), { requestInit: { headers: { Authorization: `Bearer ${args[0]}` } } })
    : new StdioClientTransport({ command, args, env: process.env, stderr: "ignore" });
}

async function play(which, library, options, call) {
  const { Client } = library;
  const client = new Client({ name: "test", version: "1" }, options);
  const problems = [];
  // With and without sharing, the last progress may come when the answer is there.
  client.onerror = (error) => /unknown token.*"progress":5/.test(String(error)) || problems.push(String(error));
  await client.connect(transport(library));
  const { tools } = await client.listTools();
  const echoes = await Promise.all(
    [...Array(20).keys()].map((n) => call(client, { name: "echo", arguments: { message: `${which} ${n}` } })),
  );
  const progress = [];
  const slow = { name: "trigger-long-running-operation", arguments: { duration: 0.5, steps: 5 } };
  await call(client, slow, { onprogress: (told) => progress.push(told.progress) });
  await client.close();
  const echoed = echoes.every((answer, n) => answer.content[0].text === `Echo: ${which} ${n}`);
  return JSON.stringify({ which, tools: tools.map((tool) => tool.name).sort(), echoed, progress: progress.slice(0, 4), problems });
}

const byFirst = (client, request, options) => client.callTool(request, undefined, options);
const bySecond = (client, request, options) => client.callTool(request, options);
const all = await Promise.all([
  play("1.32", first, {}, byFirst),
  play("2.4 legacy", second, { versionNegotiation: { mode: "legacy" } }, bySecond),
  play("2.4 auto", second, { versionNegotiation: { mode: "auto" } }, bySecond),
]);
all.forEach((line) => console.log(line));
process.exit(0);
