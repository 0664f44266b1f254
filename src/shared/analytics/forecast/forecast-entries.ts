// The adjustments, quotas and submissions of one period as records hold them, by the node they are about.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { ForecastQuery, ShownAdjustment, ShownSubmission } from '#shared/analytics/forecast/forecast-contract.ts';
import { titleOf } from '#shared/query/record-titles.ts';
import { isPendingRecord, type RecordSource } from '#shared/query/record-source.ts';
import type { Adjustment, NodeAdjustments } from '#shared/analytics/forecast-roll-up.ts';
import { isStale } from '#shared/analytics/forecast-roll-up.ts';
import {
  seniorityIn,
  teamKey,
  territoryNodeKey,
  userKey,
  type ForecastNode,
  type Hierarchy,
} from '#shared/analytics/forecast-tree.ts';
import type { Period, PeriodType } from '#shared/kernel/periods.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { adjustmentKey, compareByReceipt } from '#shared/entities/forecast-adjustment/forecast-adjustment.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Key of the node an entry is about. */
export function nodeKeyOf(record: AnyRecord): string {
  if (typeof record['userId'] === 'string') return userKey(record['userId']);
  if (typeof record['forTeamId'] === 'string') return teamKey(record['forTeamId']);
  return territoryNodeKey(textOf(record['territoryId']));
}

function isOf(record: AnyRecord, hierarchy: Hierarchy, period: Period): boolean {
  return (
    record['hierarchy'] === hierarchy && record['periodStart'] === period.start && record['periodEnd'] === period.end
  );
}

/** Adjustments of the asked period, newest first; those in another currency than the organization has now hold no more. */
export function adjustmentsOf(source: RecordSource, query: ForecastQuery, currency: string): readonly AnyRecord[] {
  return [...source.all('forecastAdjustment').values()]
    .filter(
      (record) =>
        isOf(record, query.hierarchy, query.period) &&
        record['columnMode'] === query.columnMode &&
        record['currency'] === currency,
    )
    .toSorted(compareByReceipt);
}

/** The newest of each key. */
export function heldAdjustments(records: readonly AnyRecord[]): readonly AnyRecord[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    const key = adjustmentKey(record);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What is put in place at each node of one column: key of the node and the column. */
export function adjustmentsByCell(
  source: RecordSource,
  nodes: readonly ForecastNode[],
  held: readonly AnyRecord[],
): ReadonlyMap<string, NodeAdjustments> {
  const ownerOf = new Map(nodes.map((node) => [node.key, node.ownerId]));
  const seniority = seniorityIn(nodes);
  const cells = new Map<string, { owner: Adjustment | null; managers: Adjustment[] }>();
  for (const record of held) {
    const nodeKey = nodeKeyOf(record);
    const adjusterId = record.ownerId ?? '';
    const isAdministrator = isUnrestrictedRole(textOf(source.get('user', adjusterId)?.['role']));
    const adjustment: Adjustment = {
      id: record.id,
      value: Number(record['value']),
      baseValue: Number(record['baseValue']),
      adjusterId,
      seniority: isAdministrator ? -1 : seniority(adjusterId, nodeKey),
    };
    const cellKey = `${nodeKey} ${textOf(record['category'])}`;
    const cell = cells.get(cellKey) ?? { owner: null, managers: [] };
    if (ownerOf.get(nodeKey) === adjusterId) cell.owner = adjustment;
    else cell.managers.push(adjustment);
    cells.set(cellKey, cell);
  }
  return cells;
}

export function showAdjustment(source: RecordSource, record: AnyRecord, now: number | null): ShownAdjustment {
  const byId = record.ownerId ?? '';
  const baseValue = Number(record['baseValue']);
  return {
    id: record.id,
    value: Number(record['value']),
    baseValue,
    byId,
    byName: titleOf(source, 'user', byId) ?? '',
    at: record.createdAt,
    note: typeof record['note'] === 'string' ? record['note'] : null,
    isStale: now !== null && isStale(baseValue, now),
    isPending: isPendingRecord(record),
  };
}

/** Quotas of a period in the organization's currency, by person or territory; of two for the same the newest. */
export function quotasOf(
  source: RecordSource,
  periodType: PeriodType | null,
  period: Period,
  currency: string,
): ReadonlyMap<string, number> {
  const quotas = new Map<string, number>();
  if (periodType === null) return quotas;
  const records = [...source.all('quota').values()]
    .filter(
      (record) =>
        record['periodType'] === periodType &&
        record['periodStart'] === period.start &&
        record['currency'] === currency &&
        typeof record['amount'] === 'number',
    )
    .toSorted(compareByReceipt);
  for (const record of records) {
    const key = nodeKeyOf(record);
    if (!quotas.has(key)) quotas.set(key, Number(record['amount']));
  }
  return quotas;
}

/** Submissions by the key of their node, newest first. */
export function submissionsByNode(
  source: RecordSource,
  hierarchy: Hierarchy,
): ReadonlyMap<string, readonly AnyRecord[]> {
  const byNode = new Map<string, AnyRecord[]>();
  for (const record of source.all('forecastSubmission').values()) {
    if (record['hierarchy'] !== hierarchy) continue;
    const key = nodeKeyOf(record);
    const known = byNode.get(key);
    if (known === undefined) byNode.set(key, [record]);
    else known.push(record);
  }
  for (const records of byNode.values()) records.sort((a, b) => (submittedAt(a) < submittedAt(b) ? 1 : -1));
  return byNode;
}

export function submittedAt(record: AnyRecord): string {
  return textOf(record['submittedAt']);
}

export function periodOfEntry(record: AnyRecord): Period {
  return { start: textOf(record['periodStart']), end: textOf(record['periodEnd']) };
}

export function showSubmission(source: RecordSource, record: AnyRecord): ShownSubmission {
  return {
    id: record.id,
    at: submittedAt(record),
    byName: titleOf(source, 'user', record.ownerId ?? '') ?? '',
    commit: Number(record['commit']),
    currency: textOf(record['currency']),
    dealCount: Number(record['dealCount']),
    note: typeof record['note'] === 'string' ? record['note'] : null,
    isPending: isPendingRecord(record),
  };
}
