// A program: the sync server of one organization with as many people as asked for, who all see the same accounts. Says its
// address in one line of JSON; ends with its input. Argument: how many people.
import { startServer, createOrganizationWith } from '#test/support/start-server.ts';

const count = Number(process.argv[2] ?? 2);
const server = await startServer();
const people = Array.from({ length: count }, (_, index) => ({
  id: `person-${String(index)}`,
  role: 'org_admin' as const,
}));
await createOrganizationWith(server, 'bench', people);
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
process.stdin.resume();
process.stdin.once('end', () => void server.remove());
