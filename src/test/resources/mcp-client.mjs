// A client of the Model Context Protocol by its TypeScript library: node mcp-client.mjs SDK-FOLDER URL | SDK-FOLDER COMMAND...
// Prints the names of the tools, and what get_server_health answers.
import { pathToFileURL } from "node:url";

const [folder, target, ...rest] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${folder}/node_modules/@modelcontextprotocol/sdk/dist/esm/client/${name}.js`));
const { Client } = await load("index");
const transport = target.startsWith("http:")
  ? new (await load("streamableHttp")).StreamableHTTPClientTransport(new URL(target))
  : new (await load("stdio")).StdioClientTransport({ command: target, args: rest, env: process.env });
const client = new Client({ name: "test", version: "1" });
await client.connect(transport);
const { tools } = await client.listTools();
console.log(tools.map((tool) => tool.name + (tool.annotations.readOnlyHint ? "" : "!")).join(" "));
const health = await client.callTool({ name: "get_server_health", arguments: {} });
console.log(JSON.stringify(health.structuredContent.instance_tracking));
const refused = await client.callTool({ name: "resolve_server_conflicts", arguments: {} });
console.log(refused.isError ? "refused" : JSON.stringify(refused.structuredContent.cleanup_results));
await client.close();
