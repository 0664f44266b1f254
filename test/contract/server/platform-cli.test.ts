// The installation from the command line: the same calls as over HTTP, while the server runs as when it does not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments, UsageError } from '#server/cli-arguments.ts';
import { platformCallNames, platformCalls } from '#shared/platform/platform-calls.ts';
import { usageOf } from '#server/admin/platform-arguments.ts';
import { platformOf } from '#test/support/platform-answers.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  spawnServer,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

describe('the words of the command line', () => {
  const read = (...words: string[]) => readArguments([...words, '--data', 'd']);

  it('IDT-15 every call of the installation can be written at the command line, and what is wrong is said with the right way', () => {
    expect(platformCallNames.map((name) => usageOf(name))).toContain(
      'admin create-organization --name NAME --admin-email ADMIN-EMAIL [--plan-id PLAN-ID]',
    );
    expect(read('admin', 'list-organizations')).toMatchObject({
      command: 'platform',
      call: 'listOrganizations',
      input: {},
    });
    const limits = ['--id', 'south', '--plan-id', 'small', '--limits', '{"users":null}'];
    expect(read('admin', 'set-subscription', ...limits)).toMatchObject({
      input: { id: 'south', planId: 'small', limits: { users: null } },
    });
    expect(read('admin', 'read-usage', '--from', '2026-01', '--format', 'csv')).toMatchObject({ isCsv: true });
    const wrong: readonly (readonly string[])[] = [
      ['suspend-organization', '--id', 'south'],
      ['set-subscription', '--id', 'south', '--plan-id', 'small', '--limits', 'many'],
      ['set-subscription', '--id', 'south', '--plan-id', 'small', '--limits', '{"seats":1}'],
      ['open-support', '--organization', 'a', '--staff-id', 'b', '--reason', 'c d e', '--hours', 'two'],
      ['list-plans', '--color', 'red'],
      ['list-plans', '--format', 'csv'],
      ['list-Plans'],
      ['constructor'],
    ];
    for (const words of wrong) expect(() => read('admin', ...words), words.join(' ')).toThrow(UsageError);
    expect(() => readArguments(['admin', 'list-plans'])).toThrow('--data DIR');
  });

  it('IDT-14 each call says what it does and what its JSON holds, a slip is told, and texts are typed without quotes', () => {
    for (const call of platformCallNames) {
      const [, word = ''] = usageOf(call).split(' ');
      const help = readArguments(['admin', word, '--help']);
      expect(help).toMatchObject({ command: 'help' });
      expect('text' in help ? help.text : '').toContain(platformCalls[call].summary);
    }
    const said: readonly (readonly [string, readonly string[]])[] = [
      ['--reason is missing.', ['suspend-organization', '--id', 'south']],
      ['--admin-email is an e-mail address', ['create-organization', '--name', 'N', '--admin-email', 'eve']],
      ['--limits: user is not known.', ['set-subscription', '--id', 'a', '--plan-id', 'b', '--limits', '{"user":1}']],
      ['--plans must not have fewer than 1', ['save-plans', '--plans', '[]']],
      [
        '--features: pivot.percent must be <= 100',
        ['save-features', '--features', '{"pivot":{"isOn":true,"percent":101,"by":"user"}}'],
      ],
      ['--from is a month like 2026-01.', ['read-usage', '--from', 'march']],
      ['--accent is a colour like', ['set-brand', '--id', 'a', '--accent', 'blue']],
      ['--limit is a number', ['read-audit', '--limit', 'many']],
    ];
    for (const [why, words] of said) expect(() => read('admin', ...words), why).toThrow(why);
    expect(() => read('admin')).toThrow('Say what to do');
    expect(usageOf('readAudit')).toContain('[--limit NUMBER]');
    const plans = readArguments(['admin', 'save-plans', '--help']);
    expect('text' in plans ? plans.text : '').toContain('"limits": {"users": NUMBER | null');
    expect(() => read('admin', 'suspend-organisation', '--id', 'a')).toThrow(
      'Did you mean "admin suspend-organization"?',
    );
    expect(read('admin', 'set-brand', '--id', 'south', '--name', 'Südwind', '--accent', 'null')).toMatchObject({
      input: { id: 'south', name: 'Südwind', accent: null },
    });
  });
});

describe.each(sqlEngines)('the command line of the installation on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;

  beforeAll(async () => {
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'super_admin' }]);
    await createOrganizationWith(server, 'south', [{ id: 'sue', role: 'super_admin' }]);
  });
  afterAll(async () => {
    await server.remove();
    await place.remove();
  });

  async function run(...words: readonly string[]) {
    const where =
      'dataDir' in place.location ? ['--data', place.location.dataDir] : ['--database-url', place.location.databaseUrl];
    const program = spawnServer(['admin', ...words, ...where]);
    return { code: await program.ended(), ...program.output };
  }

  it('IDT-14 the operator founds, suspends and resumes while the server runs, and it counts at once', async () => {
    const made = await run('create-organization', '--name', 'East', '--admin-email', 'eve@east.test');
    expect(made.code, made.stderr).toBe(0);
    const { id, password } = JSON.parse(made.stdout) as { id: string; password: string };
    const enter = () =>
      call(server, '/api/v1/auth/sign-in', {
        body: { email: 'eve@east.test', password, deviceId: 'd', deviceName: '' },
      });
    expect(codeOf(await enter())).toBe('password_change_required');
    expect((await run('suspend-organization', '--id', 'south', '--reason', 'Moving')).code).toBe(0);
    await expect(signIn(server, 'sue')).rejects.toThrow('organization_suspended');
    expect((await run('resume-organization', '--id', 'south')).code).toBe(0);
    const sue = await signIn(server, 'sue');
    const audit = await call(server, '/api/v1/audit/entries', {
      token: sue.accessToken,
      body: { entity: 'organization' },
    });
    expect(audit.body).toMatchObject({
      entries: [
        { command: 'organization.resume', actor: null },
        { command: 'organization.suspend', detail: { reason: 'Moving' } },
      ],
    });
    const refused = await run('suspend-organization', '--id', 'nowhere', '--reason', '');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('There is no such organization.');
    const usage = await run('read-usage', '--format', 'csv');
    const lines = usage.stdout
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(lines[0]).toBe(
      'month,organization,name,plan,planName,state,users,records,bytes,apiCalls,currency,base,seatPrice,seatsAmount,total',
    );
    expect(lines.filter((line) => line.includes(id))).toHaveLength(1);
  });

  it('IDT-15 who runs the installation is moved from the command line alone, and takes effect with the next request', async () => {
    const ada = await signIn(server, 'ada');
    const list = (grant: typeof ada) => platformOf(server, grant, 'GET', '/organizations');
    expect((await list(ada)).status).toBe(200);
    const moved = await run('set-operator', '--tenant', 'south');
    expect(moved.code, moved.stderr).toBe(0);
    expect(codeOf(await list(ada))).toBe('action_forbidden');
    expect((await list(await signIn(server, 'sue'))).status).toBe(200);
    expect((await run('set-operator', '--tenant', 'nowhere')).code).toBe(1);
    expect((await run('set-operator', '--tenant', 'north')).code).toBe(0);
    expect((await list(ada)).status).toBe(200);
  });
});
