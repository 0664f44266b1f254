import type { LocalRecord, SearchHit } from '#renderer/data/data-contract.ts';
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { parentOf } from '#shared/access/parent-record.ts';
import { entities } from '#shared/entities/registry.ts';

/** Facts that tell two records of the same name apart, the telling ones first. */
const subtitleFields: readonly string[] = ['company', 'jobTitle', 'billingCity', 'code', 'email'];
const SUBTITLE_PARTS = 2;

export function describeHit(source: RecordSource, record: LocalRecord): SearchHit {
  const title = record[entities[record.kind].titleField];
  const accountId = record['accountId'];
  const account = typeof accountId === 'string' ? titleOf(source, 'account', accountId) : null;
  const stage = stagesOfPipeline(source, record['pipelineId']).find(({ id }) => id === record['stageId'])?.name;
  const parent = record.kind === 'file' ? parentOf(entities.file, record) : null;
  const facts =
    parent === null
      ? [account, stage, ...subtitleFields.map((field) => record[field])]
      : [titleOf(source, parent.entity, parent.id)];
  const parts = facts.filter((fact): fact is string => typeof fact === 'string' && fact !== '');
  return {
    entity: record.kind,
    id: record.id,
    title: typeof title === 'string' ? title : (maskedTextOf(title) ?? ''),
    subtitle: parts.slice(0, SUBTITLE_PARTS).join(' · '),
    ...(parent === null ? {} : { shownAt: parent }),
  };
}
