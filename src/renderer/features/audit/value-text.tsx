// A value of a change in the user's words: masks stay masks, ids of records become their names where this computer holds them.
import { useTranslation } from 'react-i18next';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';
import { isCutValue } from '#shared/audit/audited-values.ts';
import { changeSide } from '#shared/audit/change-side.ts';
import { pointedTo } from '#shared/audit/pointed-to.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

export type Change = NonNullable<AuditLine['changes']>[number];

export function ValueText(props: {
  readonly line: AuditLine;
  readonly change: Change;
  readonly which: 'before' | 'after';
}) {
  const { t } = useTranslation();
  const fieldText = useFieldText();
  const { line, change, which } = props;
  const value = change[which];
  if (value === null || value === undefined || value === '')
    return <span className={classes.empty}>{t('audit.entries.empty')}</span>;
  const masked = maskedTextOf(value);
  if (masked !== null) return masked;
  if (isCutValue(value)) return t('audit.entries.cut', { start: value.$cut, length: value.length });
  const definition = entityOf(line.entity);
  const named = pointedTo(definition, change.field);
  if (named === 'role' && typeof value === 'string' && isBuiltInRole(value)) return t(`roles.${value}`);
  if (named !== null && typeof value === 'string') return <RecordName entity={named} id={value} />;
  if (definition?.fields[change.field] === undefined || change.field === 'stageId')
    return typeof value === 'string' ? value : JSON.stringify(value);
  const record = { ...changeSide(line, which), [change.field]: value } as unknown as AnyRecord;
  return fieldText(definition, record, change.field, {}) || textOf(value);
}
