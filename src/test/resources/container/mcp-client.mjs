// A client of the SDK's own: initialize, a tool call, close. Prints what it saw as one JSON object.
// Arguments: the SDK's client folder, and the server's command.
const [folder, command, ...args] = process.argv.slice(2);
const { Client } = await import(`${folder}/index.js`);
const { StdioClientTransport } = await import(`${folder}/stdio.js`);

const transport = new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' });
const client = new Client({ name: 'test', version: '1' });
const errors = [];
client.onerror = (error) => errors.push(String(error));
await client.connect(transport);
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const answer = await client.callTool({ name: 'echo', arguments: { message: 'exactly once' } });
const began = Date.now();
await client.close();
console.log(JSON.stringify({
  server: client.getServerVersion()?.name, tools, echo: answer.content[0].text, errors, closeMillis: Date.now() - began,
}));
