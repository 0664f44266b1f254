// The daily snapshots of the demo company, as its server would have written them: from the same past that the history tells.
import { DAY_MS, makeRecord } from '#shared/demo/demo-world.ts';
import type { Standing } from '#shared/demo/generate-past.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import {
  SNAPSHOT_DAYS,
  toStoredLine,
  type SnapshotLine,
  type StoredLine,
} from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import { toDay } from '#shared/kernel/calendar.ts';

type Lines = Map<string, SnapshotLine>;

interface Owned {
  readonly ownerId: string;
  readonly teamId: string | null;
  readonly lines: Lines;
}

export function generateSnapshots(
  nowMs: number,
  standings: ReadonlyMap<string, readonly Standing[]>,
): readonly AnyRecord[] {
  const todayMs = nowMs - (nowMs % DAY_MS);
  const records: AnyRecord[] = [];
  for (let endMs = todayMs - (SNAPSHOT_DAYS - 1) * DAY_MS; endMs <= todayMs; endMs += DAY_MS) {
    const day = toDay(endMs - DAY_MS);
    for (const { ownerId, teamId, lines } of pipelineAt(endMs, standings).values()) {
      const values = { day, lines: [...lines.values()].map(toStoredLine).sort(byText), ownerId, teamId };
      records.push(makeRecord('pipelineSnapshot', `snapshot.${day}.${ownerId}`, { atMs: endMs, by: null }, values));
    }
  }
  return records;
}

const byText = (a: StoredLine, b: StoredLine): number => (a.join(' ') < b.join(' ') ? -1 : 1);

function pipelineAt(endMs: number, standings: ReadonlyMap<string, readonly Standing[]>): ReadonlyMap<string, Owned> {
  const owners = new Map<string, Owned>();
  for (const story of standings.values()) {
    const deal = story.findLast(({ atMs }) => atMs < endMs)?.deal;
    if (deal === undefined || deal['status'] !== 'open') continue;
    const ownerId = String(deal.ownerId);
    let owned = owners.get(ownerId);
    if (owned === undefined) owners.set(ownerId, (owned = { ownerId, teamId: deal.teamId, lines: new Map() }));
    addTo(owned.lines, deal);
  }
  return owners;
}

function addTo(lines: Lines, deal: AnyRecord): void {
  const amount = Number(deal['amount']);
  const place = {
    pipelineId: String(deal['pipelineId']),
    stageId: String(deal['stageId']),
    forecastCategory: deal['forecastCategory'] as SnapshotLine['forecastCategory'],
    closeMonth: String(deal['closeDate']).slice(0, 7),
    currency: String(deal['currency']),
  };
  const key = Object.values(place).join(' ');
  const known = lines.get(key) ?? { ...place, count: 0, amount: 0, weighted: 0 };
  const weighted = known.weighted + Math.round((amount * Number(deal['probability'])) / 100);
  lines.set(key, { ...known, count: known.count + 1, amount: known.amount + amount, weighted });
}
