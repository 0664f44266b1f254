// The data every figure is measured with: an organization from a fixed seed, and any number of deals that a person could
// have typed. About 600 bytes each; every one passes the validation of the entity, or making them fails.
import { generateDemoCompany } from '#shared/demo/generate-company.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const SEED = 20_261_121;
const DAY_MS = 86_400_000;
const places = ['north', 'south', 'harbour', 'plant', 'Müller', 'airport', 'campus', 'depot', 'clinic', 'museum'];
const works = ['Renewal', 'Pilot', 'Rollout', 'Upgrade', 'Licences', 'Support', 'Training', 'Migration', 'Audit'];
const nextSteps = ['Send the revised offer', 'Call the buyer back', 'Agree on a date for the workshop'];

export interface BenchCompany {
  readonly adminId: string;
  /** In the order they must be written: people and catalog first. */
  readonly records: readonly AnyRecord[];
}

const keptKinds: ReadonlySet<string> = new Set(['territory', 'team', 'user', 'pipeline', 'product', 'account']);

/** The demo company as it is. `nowMs`: instant that its dates lie around. */
export function takeDemoCompany(nowMs: number): BenchCompany {
  const { users, records } = generateDemoCompany({ seed: SEED, nowMs });
  const admin = users.find((user) => user.role === 'org_admin');
  if (admin === undefined) throw new Error('the demo company has no administrator');
  return { adminId: admin.id, records };
}

/** The demo company's people, catalog and accounts, with deals of the bench. The same arguments give the same company. */
export function makeCompany(dealCount: number, nowMs: number): BenchCompany {
  const { adminId, records } = takeDemoCompany(nowMs);
  const kept = records.filter((record) => keptKinds.has(record.kind));
  const ofKind = (kind: string): readonly AnyRecord[] => kept.filter((record) => record.kind === kind);
  return { adminId, records: [...kept, ...makeDeals(dealCount, nowMs, ofKind('account'), ofKind('user'))] };
}

function makeDeals(
  count: number,
  nowMs: number,
  accounts: readonly AnyRecord[],
  users: readonly AnyRecord[],
): readonly AnyRecord[] {
  const random = createSeededRandom(SEED);
  const startMs = nowMs - 700 * DAY_MS;
  const createId = createIdFactory({ now: () => startMs }, random);
  return Array.from({ length: count }, (_, index): AnyRecord => {
    const stage = random.pick(defaultStages);
    const owner = random.pick(users);
    const createdAtMs = startMs + random.integer(0, 600 * DAY_MS);
    const changedAt = toInstant(Math.min(nowMs, createdAtMs + random.integer(0, 99 * DAY_MS)));
    const createdAt = toInstant(createdAtMs);
    const record: AnyRecord = {
      kind: 'deal',
      id: createId(),
      rev: 0,
      ownerId: owner.id,
      teamId: owner.teamId,
      createdAt,
      createdBy: owner.id,
      updatedAt: changedAt,
      updatedBy: owner.id,
      name: `${random.pick(works)} ${random.pick(places)} ${String(index)}`,
      accountId: random.pick(accounts).id,
      pipelineId: DEFAULT_PIPELINE_ID,
      stageId: stage.id,
      stageChangedAt: changedAt,
      status: stage.type,
      probability: stage.probability,
      probabilitySource: 'stage',
      forecastCategory: stage.forecastCategory,
      categorySource: 'stage',
      amount: random.integer(100_000, 90_000_000),
      currency: 'EUR',
      closeDate: toInstant(nowMs + random.integer(-90, 200) * DAY_MS).slice(0, 10),
      nextStep: random.pick(nextSteps),
      leadSource: null,
      tags: random.chance(0.2) ? ['key account'] : [],
      ...(stage.type === 'open' ? {} : { closedAt: changedAt }),
      ...(stage.type === 'lost' ? { wonLostReason: 'price' } : {}),
    };
    const [problem] = index < 200 ? validateRecord(entities.deal, record) : [];
    if (problem !== undefined) throw new Error(`a made deal is not valid: ${JSON.stringify(problem)}`);
    return record;
  });
}
