import { Link } from 'react-router';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { parentOf } from '#shared/access/parent-record.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** The way to the record a file belongs to. */
export function RecordLink(props: { readonly file: LocalRecord; readonly labels: Labels }) {
  const parent = parentOf(entities.file, props.file);
  const path = parent === null ? null : pathOfRecord(parent.entity, parent.id);
  const label = parent === null ? undefined : props.labels[parent.id];
  return path === null || label === undefined ? null : <Link to={path}>{label}</Link>;
}
