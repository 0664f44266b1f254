// What the audit says on paper and in reports, in its reader's words: fields, options and kinds of records by their names, and
// whoever a value points to by the name the reader sees today.
import type { Actor } from '#shared/access/actor.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';
import { isCutValue } from '#shared/audit/audited-values.ts';
import { changeSide } from '#shared/audit/change-side.ts';
import { pointedTo } from '#shared/audit/pointed-to.ts';
import { createNames, type Names } from '#shared/words/names.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { isInstant, toEpochMs } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { isDoneOutcome, type AuditLine } from '#shared/sync/audit-messages.ts';
import { readDefinitions } from '#server/reports/read-definitions.ts';
import { wordsFor, type ReportWords } from '#server/reports/report-words.ts';
import type { SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

/** Names by id. */
export type Named = ReadonlyMap<string, string>;

export interface AuditWords extends ReportWords {
  readonly command: (command: string) => string;
  readonly entity: (entity: string) => string;
  readonly outcome: (outcome: string) => string;
  /** Built-in roles in the reader's language; others as they are called. */
  readonly role: (role: string) => string;
  /** Ways of a second factor, separated by commas. */
  readonly factors: (kinds: string) => string;
  /** Before and after, a change in each of the texts. */
  changes(line: AuditLine, named: Named): readonly string[];
}

/** @param session of the reader's organization. */
export async function readAuditWords(session: SqlSession, actor: Actor): Promise<AuditWords> {
  const tenantId = actor.tenantId as TenantId;
  const profile = await findRecord(session, tenantId, 'user', actor.userId);
  const definitions = await readDefinitions(session, tenantId);
  const words = await wordsFor(profile?.record ?? {}, 'UTC', definitions);
  const { t } = words;
  const names = createNames(t, definitions);
  const outcome = (code: string): string =>
    t([`settings.audit.done.${code}`, `errors.${code}`, `factors.history.outcomes.${code}`], { defaultValue: code });
  return {
    ...words,
    command: (command) => t(`settings.audit.commands.${command}`, { defaultValue: command }),
    entity(entity) {
      const definition = entityOf(entity);
      return definition === undefined
        ? t(`settings.audit.entities.${entity}`, { defaultValue: entity })
        : names.entity(definition);
    },
    outcome: (code) => (isDoneOutcome(code) ? outcome(code) : t('settings.audit.refused', { why: outcome(code) })),
    role: (role) => (isBuiltInRole(role) ? t(`roles.${role}`) : role),
    factors: (kinds) =>
      kinds
        .split(', ')
        .map((kind) => (kind === '' ? '' : t(`factors.kind.${kind}`, { defaultValue: kind })))
        .join(', '),
    changes(line, named) {
      const told = { words, names, named, definition: entityOf(line.entity) };
      return (line.changes ?? []).map(({ field, before, after }) => {
        const title = told.definition === undefined ? field : names.field(told.definition, field);
        const side = (which: 'before' | 'after', value: unknown) =>
          valueText(told, field, value, changeSide(line, which));
        return `${title}: ${side('before', before)} → ${side('after', after)}`;
      });
    },
  };
}

interface Told {
  readonly words: ReportWords;
  readonly names: Names;
  readonly named: Named;
  readonly definition: EntityDefinition | undefined;
}

/** A value of a field as text. */
function valueText(
  { words, names, named, definition }: Told,
  field: string,
  value: unknown,
  others: Readonly<Record<string, unknown>>,
): string {
  if (value === null || value === undefined || value === '') return '∅';
  const masked = maskedTextOf(value);
  if (masked !== null) return masked;
  if (isCutValue(value)) return `${value.$cut}… (${String(value.length)})`;
  const nameOf = (id: unknown): string => {
    const text = textOf(id);
    return isBuiltInRole(text) ? words.t(`roles.${text}`) : (named.get(text) ?? text);
  };
  if (pointedTo(definition, field) !== null) return Array.isArray(value) ? value.map(nameOf).join(', ') : nameOf(value);
  const { type } = definition?.fields[field] ?? {};
  if (definition !== undefined && (type === 'select' || type === 'multiSelect'))
    return (Array.isArray(value) ? value : [value])
      .map((one) => names.option(definition, field, textOf(one)))
      .join(', ');
  if (type === 'money' && typeof value === 'number') {
    const { currency } = others;
    return typeof currency === 'string' && currency !== '' ? words.money(value, currency) : textOf(value);
  }
  if (typeof value === 'boolean') return words.t(value ? 'common.yes' : 'common.no');
  if (type === 'dateTime' && isInstant(value)) return words.instant(toEpochMs(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
