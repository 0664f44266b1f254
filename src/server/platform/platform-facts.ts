// What is asked of the installation with many requests and changes seldom: which features an organization has, how many calls it
// may make. Kept at hand by each process, forgotten when anybody changes it; calls are added up here and written together.
import type { TenantId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { isFeatureOn, rulesOf, type FeatureName, type FeatureRules } from '#shared/platform/features.ts';
import { readLimits } from '#server/platform/plan-room.ts';
import { PLATFORM_CHANNEL, readFeatures } from '#server/platform/settings.ts';
import { addCalls, monthOf, readCalls } from '#server/platform/usage.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** Calls are written this often, and at the end: what a process that is killed forgets of them is given to the organization. */
const WRITE_MS = 15_000;

interface Facts {
  readonly features: FeatureRules;
  readonly mostCalls: number | null;
}

interface Calls {
  month: string;
  /** Written by all processes, as it was last read. */
  known: number;
  /** Made here since. */
  fresh: number;
}

export interface PlatformFacts {
  featuresOf(tenantId: TenantId): Promise<FeatureRules>;
  /** @throws OutpostError `feature_off` */
  assertFeature(name: FeatureName, actor: { readonly tenantId: string; readonly userId: string }): Promise<void>;
  /** One more call of a program. @throws OutpostError `limit` when the plan has none left this month */
  countCall(tenantId: TenantId): Promise<void>;
  close(): Promise<void>;
}

export async function readFeaturesOf(session: SqlSession, tenantId: TenantId): Promise<FeatureRules> {
  const [row] = await session.query<{ features: unknown }>(
    'SELECT features FROM platform_organization WHERE tenant = $1',
    [tenantId],
  );
  return rulesOf(await readFeatures(session), isPlainObject(row?.features) ? row.features : {});
}

export async function createPlatformFacts(
  database: SqlDatabase,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<PlatformFacts> {
  const known = new Map<TenantId, Promise<Facts>>();
  const calls = new Map<TenantId, Calls>();

  function factsOf(tenantId: TenantId): Promise<Facts> {
    const reading =
      known.get(tenantId) ??
      database.inTenant(
        tenantId,
        async (session) => ({
          features: await readFeaturesOf(session, tenantId),
          mostCalls: (await readLimits(session, tenantId)).apiCalls,
        }),
        { snapshot: true, isHurried: true },
      );
    known.set(tenantId, reading);
    reading.catch(() => known.delete(tenantId));
    return reading;
  }

  async function callsOf(tenantId: TenantId): Promise<Calls> {
    const month = monthOf(clock.now());
    const found = calls.get(tenantId);
    if (found?.month === month) return found;
    if (found !== undefined) await write(tenantId, found);
    const readCount = await database.inTenant(tenantId, (session) => readCalls(session, tenantId, month));
    // Somebody may have been faster meanwhile.
    const other = calls.get(tenantId);
    if (other?.month === month) return other;
    const begun = { month, known: readCount, fresh: 0 };
    calls.set(tenantId, begun);
    return begun;
  }

  async function write(tenantId: TenantId, counted: Calls): Promise<void> {
    const { month, fresh } = counted;
    if (fresh === 0) return;
    counted.fresh = 0;
    counted.known += fresh;
    counted.known = await database.inTenant(tenantId, async (session) => {
      await addCalls(session, tenantId, month, fresh);
      return readCalls(session, tenantId, month);
    });
  }

  let writing: Promise<void> = Promise.resolve();
  function writeAll(): Promise<void> {
    writing = writing
      .then(async () => {
        for (const [tenantId, counted] of calls) await write(tenantId, counted);
      })
      .catch(onError);
    return writing;
  }

  const stop = await database.listen(PLATFORM_CHANNEL, (tenantId) => {
    if (tenantId === '') known.clear();
    else known.delete(tenantId as TenantId);
  });
  const timer = setInterval(() => void writeAll(), WRITE_MS);
  timer.unref();

  return {
    featuresOf: async (tenantId) => (await factsOf(tenantId)).features,
    async assertFeature(name, actor) {
      const { features } = await factsOf(actor.tenantId as TenantId);
      if (isFeatureOn(features, name, actor)) return;
      throw new OutpostError('feature_off', 'This feature is switched off for your organization.', { feature: name });
    },
    async countCall(tenantId) {
      const { mostCalls } = await factsOf(tenantId);
      const counted = await callsOf(tenantId);
      if (mostCalls !== null && counted.known + counted.fresh >= mostCalls) {
        throw new OutpostError(
          'limit',
          `The plan of your organization allows ${String(mostCalls)} calls a month, and there were as many.`,
          { reason: 'planCalls', limit: mostCalls },
        );
      }
      counted.fresh += 1;
    },
    async close() {
      clearInterval(timer);
      await stop();
      await writeAll();
    },
  };
}
