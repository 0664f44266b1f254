// Drafting with a language model: set up by an administrator, off until then, limited, and every call written down with what it
// used. No text of a request or an answer is kept.
import { randomUUID } from 'node:crypto';
import { promptOf } from '#shared/drafting/model-prompt.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  DraftingInputSchema,
  type DraftingInput,
  type DraftingSetup,
  type DraftingState,
  type ModelAnswer,
  type ModelRequest,
} from '#shared/sync/drafting-messages.ts';
import { Value } from 'typebox/value';
import { appendAudit } from '#server/audit/append-audit.ts';
import { askModel, type ModelPlace } from '#server/drafting/ask-model.ts';
import type { Egress } from '#server/egress/egress.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';

export interface Drafting {
  state(principal: Principal): Promise<DraftingState>;
  /** @throws OutpostError `action_forbidden` */
  setup(principal: Principal): Promise<DraftingSetup>;
  /** @throws OutpostError `action_forbidden`, `invalid`, `address_forbidden` */
  save(principal: Principal, input: DraftingInput): Promise<DraftingSetup>;
  remove(principal: Principal): Promise<DraftingSetup>;
  /** A first question, to see whether it answers. @throws OutpostError as {@link Drafting.ask} */
  test(principal: Principal): Promise<ModelAnswer>;
  /** @throws OutpostError `feature_off`, `too_many_requests`, `provider_failed`, `address_forbidden` */
  ask(principal: Principal, request: ModelRequest): Promise<ModelAnswer>;
}

export interface DraftingDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly egress: Egress;
}

type Setup = Omit<DraftingInput, 'secret'>;

const DAY_MS = 86_400_000;
const USAGE_MS = 30 * DAY_MS;
/** Of one person within an hour, so that nobody uses up the day of all others. */
const MOST_IN_AN_HOUR = 30;
const MILLION = 1_000_000;
const contextOf = (tenantId: TenantId): string => `drafting:${tenantId}`;

export function createDrafting({ database, clock, egress }: DraftingDependencies): Drafting {
  const tenantOf = ({ actor }: Principal): TenantId => actor.tenantId as TenantId;

  async function readSetup(
    session: SqlSession,
    tenantId: TenantId,
  ): Promise<{ setup: Setup; secret: Uint8Array } | null> {
    const [row] = await session.query<{ setup: unknown; secret: Uint8Array }>(
      'SELECT setup, secret FROM drafting_provider WHERE tenant = $1',
      [tenantId],
    );
    if (row === undefined) return null;
    const whole = { ...(row.setup as Setup), secret: null };
    if (!Value.Check(DraftingInputSchema, whole)) return null;
    const { secret: _none, ...setup } = whole;
    return { setup, secret: row.secret };
  }

  async function describe(session: SqlSession, tenantId: TenantId): Promise<DraftingSetup> {
    const stored = await readSetup(session, tenantId);
    const [used] = await session.query<{
      calls: number;
      failed: number;
      tokens_in: number;
      tokens_out: number;
      cost: number | null;
    }>(
      `SELECT count(*)::int AS calls, (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
         coalesce(sum(tokens_in), 0)::int AS tokens_in, coalesce(sum(tokens_out), 0)::int AS tokens_out, sum(cost) AS cost
       FROM drafting_call WHERE tenant = $1 AND asked_at > $2`,
      [tenantId, clock.now() - USAGE_MS],
    );
    return {
      setup: stored === null ? null : { ...stored.setup, hasSecret: true },
      used: {
        calls: used?.calls ?? 0,
        failed: used?.failed ?? 0,
        tokensIn: used?.tokens_in ?? 0,
        tokensOut: used?.tokens_out ?? 0,
        cost: used?.cost ?? null,
      },
    };
  }

  function note(
    session: SqlSession,
    { actor, deviceId }: Principal,
    command: string,
    outcome: string,
    detail: Record<string, string>,
  ) {
    const what = { command, entity: 'organization', id: actor.tenantId, groups: [], outcome, detail };
    return appendAudit(session, actor.tenantId as TenantId, clock.now(), [
      { actor: actor.userId, device: deviceId, ...what },
    ]);
  }

  function assertMayConfigure({ actor }: Principal): void {
    if (actor.permissions.includes('org.configure_settings')) return;
    throw new OutpostError('action_forbidden', 'Only an administrator can set up drafting with a language model.');
  }

  /** Counts the call before it is made, and says where it goes. */
  async function begin(
    principal: Principal,
    isTest: boolean,
  ): Promise<{ id: string; place: ModelPlace; setup: Setup }> {
    const tenantId = tenantOf(principal);
    return database.inTenant(tenantId, async (session) => {
      // One after another, so that the last call of a day is given once.
      const [locked] = await session.query('SELECT tenant FROM drafting_provider WHERE tenant = $1 FOR UPDATE', [
        tenantId,
      ]);
      const stored = locked === undefined ? null : await readSetup(session, tenantId);
      if (stored === null || (!stored.setup.isOn && !isTest))
        throw new OutpostError('feature_off', 'Drafting with a language model is not switched on.');
      const [counted] = await session.query<{ day: number; hour: number }>(
        `SELECT count(*)::int AS day, (count(*) FILTER (WHERE user_id = $2 AND asked_at > $4))::int AS hour
         FROM drafting_call WHERE tenant = $1 AND asked_at > $3`,
        [tenantId, principal.actor.userId, clock.now() - DAY_MS, clock.now() - DAY_MS / 24],
      );
      if ((counted?.day ?? 0) >= stored.setup.dailyCalls || (counted?.hour ?? 0) >= MOST_IN_AN_HOUR)
        throw new OutpostError(
          'too_many_requests',
          'The language model was asked as often as the organization allows.',
        );
      const id = randomUUID();
      await session.query(
        `INSERT INTO drafting_call (tenant, id, user_id, asked_at, state) VALUES ($1, $2, $3, $4, 'asked')`,
        [tenantId, id, principal.actor.userId, clock.now()],
      );
      await session.query('DELETE FROM drafting_call WHERE tenant = $1 AND asked_at < $2', [
        tenantId,
        clock.now() - USAGE_MS,
      ]);
      const secret = Buffer.from(await openSecret(session, contextOf(tenantId), stored.secret)).toString('utf8');
      const { kind, baseUrl, model } = stored.setup;
      return { id, setup: stored.setup, place: { kind, baseUrl, model, secret } };
    });
  }

  async function finish(
    principal: Principal,
    id: string,
    setup: Setup,
    answer: ModelAnswer | null,
    why: string,
  ): Promise<void> {
    const tenantId = tenantOf(principal);
    const cost = answer === null ? null : costOf(setup, answer);
    await database.inTenant(tenantId, async (session) => {
      await session.query(
        'UPDATE drafting_call SET state = $3, tokens_in = $4, tokens_out = $5, cost = $6 WHERE tenant = $1 AND id = $2',
        [tenantId, id, answer === null ? 'failed' : 'done', answer?.tokensIn ?? 0, answer?.tokensOut ?? 0, cost],
      );
      await note(session, principal, 'drafting.ask', answer === null ? 'failed' : 'applied', {
        model: setup.model,
        host: hostOf(setup.baseUrl) ?? '',
        ...(answer === null ? { why } : { tokensIn: String(answer.tokensIn), tokensOut: String(answer.tokensOut) }),
        ...(cost === null ? {} : { cost: cost.toFixed(6) }),
      });
    });
  }

  async function exchange(principal: Principal, request: ModelRequest, isTest: boolean): Promise<ModelAnswer> {
    const { id, place, setup } = await begin(principal, isTest);
    try {
      const answer = await askModel(egress, place, promptOf(request));
      await finish(principal, id, setup, answer, '');
      return answer;
    } catch (error) {
      const failure = error instanceof OutpostError ? (error.details['failure'] ?? error.code) : 'internal';
      await finish(principal, id, setup, null, textOf(failure));
      throw error;
    }
  }

  return {
    state: (principal) =>
      database.inTenant(tenantOf(principal), async (session) => {
        const stored = await readSetup(session, tenantOf(principal));
        if (stored === null || !stored.setup.isOn) return { isOn: false, host: null, model: null };
        return { isOn: true, host: hostOf(stored.setup.baseUrl), model: stored.setup.model };
      }),
    async setup(principal) {
      assertMayConfigure(principal);
      return database.inTenant(tenantOf(principal), (session) => describe(session, tenantOf(principal)));
    },
    async save(principal, { secret, ...setup }) {
      assertMayConfigure(principal);
      await assertReachable(egress, setup.baseUrl);
      const tenantId = tenantOf(principal);
      return database.inTenant(tenantId, async (session) => {
        const stored = await readSetup(session, tenantId);
        const isSamePlace = stored?.setup.baseUrl === setup.baseUrl && stored.setup.kind === setup.kind;
        // A key that is kept goes to the address it was entered for and to no other.
        if (secret === null && !isSamePlace)
          throw new OutpostError('invalid', 'Enter the key for this address.', { problems: ['secret:required'] });
        const sealed =
          secret === null
            ? (stored?.secret ?? null)
            : await sealSecret(session, contextOf(tenantId), Buffer.from(secret, 'utf8'));
        await session.query(
          `INSERT INTO drafting_provider (tenant, setup, secret, saved_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (tenant) DO UPDATE SET setup = EXCLUDED.setup, secret = EXCLUDED.secret, saved_at = EXCLUDED.saved_at`,
          [tenantId, JSON.stringify(setup), sealed, clock.now()],
        );
        const detail = { host: hostOf(setup.baseUrl) ?? '', model: setup.model, isOn: String(setup.isOn) };
        await note(session, principal, 'drafting.save', 'applied', detail);
        return describe(session, tenantId);
      });
    },
    async remove(principal) {
      assertMayConfigure(principal);
      const tenantId = tenantOf(principal);
      return database.inTenant(tenantId, async (session) => {
        await session.query('DELETE FROM drafting_provider WHERE tenant = $1', [tenantId]);
        await note(session, principal, 'drafting.remove', 'applied', {});
        return describe(session, tenantId);
      });
    },
    async test(principal) {
      assertMayConfigure(principal);
      const request = { task: 'write', intent: 'thanks', language: 'en', tone: 'formal', facts: {}, text: '' } as const;
      return exchange(principal, request, true);
    },
    ask: (principal, request) => exchange(principal, request, false),
  };
}

function hostOf(baseUrl: string): string | null {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : null;
}

function costOf({ priceIn, priceOut }: Setup, { tokensIn, tokensOut }: ModelAnswer): number | null {
  if (priceIn === null || priceOut === null) return null;
  return (priceIn * tokensIn + priceOut * tokensOut) / MILLION;
}

/** Refused when it is saved, not only when somebody asks. @throws OutpostError `invalid`, `address_forbidden` */
async function assertReachable(egress: Egress, baseUrl: string): Promise<void> {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isWeb =
    url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.search === '' && url.hash === '';
  if (!isWeb || url.username !== '' || url.password !== '')
    throw new OutpostError('invalid', 'This is no address of a service.', { problems: ['baseUrl:url'] });
  const isPlain = url.protocol === 'http:';
  const checked = await egress.check(url.hostname, url.port === '' ? (isPlain ? 80 : 443) : Number(url.port));
  if (isPlain && !checked.isAllowed)
    throw new OutpostError('address_forbidden', 'The server may not connect to this address.', { host: url.host });
}
