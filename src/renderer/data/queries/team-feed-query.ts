// What colleagues did lately, newest first: activities, moves of deals, tasks that are done, new accounts and contacts. Made of
// the records that are here, so it tells nobody more than the own lists do.
import type { TeamFeedEntry, TeamFeedResult } from '#renderer/data/data-contract.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { textIn } from '#shared/notifications/notification.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';

const MOST_ENTRIES = 200;
const told: readonly EntityName[] = ['activity', 'stageChange', 'task', 'account', 'lead'];

type Found = Omit<TeamFeedEntry, 'id' | 'title'>;

function activityEntry(record: LocalRecord): Found | null {
  const about = (['dealId', 'accountId', 'leadId', 'contactId'] as const).find(
    (field) => textIn(record, field) !== null,
  );
  if (about === undefined || record.createdBy === null) return null;
  return {
    at: record.createdAt,
    actorId: record.createdBy,
    type: 'activity',
    subject: { entity: about.slice(0, -2) as EntityName, id: textIn(record, about) ?? '' },
    detail: textIn(record, 'activityType') ?? '',
  };
}

function moveEntry(source: RecordSource, record: LocalRecord): Found | null {
  if (!isMoveEntry(record) || record.createdBy === null) return null;
  const toType = record['toType'];
  const stage = stagesOfPipeline(source, record['pipelineId']).find(({ id }) => id === record['toStage']);
  return {
    at: record.createdAt,
    actorId: record.createdBy,
    type: toType === 'won' || toType === 'lost' ? toType : 'stage',
    subject: { entity: 'deal', id: textIn(record, 'dealId') ?? '' },
    detail: stage?.name ?? '',
  };
}

function taskEntry(record: LocalRecord): Found | null {
  const [at, actorId] = [textIn(record, 'completedAt'), textIn(record, 'completedBy')];
  if (record['status'] !== 'done' || at === null || actorId === null) return null;
  return { at, actorId, type: 'task', subject: { entity: 'task', id: record.id }, detail: '' };
}

function entryOf(source: RecordSource, record: LocalRecord): Found | null {
  if (record.kind === 'activity') return activityEntry(record);
  if (record.kind === 'stageChange') return moveEntry(source, record);
  if (record.kind === 'task') return taskEntry(record);
  if (record.createdBy === null) return null;
  const subject = { entity: record.kind, id: record.id };
  return { at: record.createdAt, actorId: record.createdBy, type: 'created', subject, detail: '' };
}

function newestOf(entries: readonly TeamFeedEntry[], most: number): readonly TeamFeedEntry[] {
  return entries
    .toSorted((left, right) => (left.at === right.at ? (left.id < right.id ? -1 : 1) : left.at > right.at ? -1 : 1))
    .slice(0, most);
}

export function answerTeamFeed(
  source: RecordSource,
  userId: string,
  { since, limit }: { readonly since: string; readonly limit: number },
): LiveAnswer<TeamFeedResult> {
  const most = Math.min(Math.max(limit, 1), MOST_ENTRIES);
  let found: readonly TeamFeedEntry[] = [];
  // What is older than this is not among the newest: hardly any record has to be looked at closely.
  let oldest = since;
  for (const entity of told) {
    const near: TeamFeedEntry[] = [];
    for (const record of source.all(entity).values()) {
      const at = entity === 'task' ? textIn(record, 'completedAt') : record.createdAt;
      if (at === null || at < oldest) continue;
      const entry = entryOf(source, record);
      if (entry === null || entry.actorId === userId) continue;
      const title = titleOf(source, entry.subject.entity, entry.subject.id);
      // Of what is not here nothing is told.
      if (title === null) continue;
      near.push({ id: record.id, title, ...entry });
      if (near.length < most) continue;
      found = newestOf([...found, ...near.splice(0)], most);
      oldest = found.at(-1)?.at ?? since;
    }
    found = newestOf([...found, ...near], most);
  }
  const labels: Record<string, string> = {};
  for (const { actorId } of found) {
    const name = titleOf(source, 'user', actorId);
    if (name !== null) labels[actorId] = name;
  }
  return { value: { entries: found, labels }, entities: new Set(told), ids: new Set() };
}
