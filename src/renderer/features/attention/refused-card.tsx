import { Button, CopyButton, Group } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { refusalTextOf } from '#renderer/blocks/error-text.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { definitionAgain, resendingsOf, wordsOfField } from '#renderer/features/attention/refused-field.ts';
import { FileOffers } from '#renderer/features/attention/refused-file-card.tsx';
import { ValuesTable } from '#renderer/features/attention/values-table.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { Operation } from '#shared/sync/operation.ts';
import classes from './attention.module.css';
import { textOf } from '#shared/kernel/text-of.ts';

/** Everything the user typed in one operation, as field values. */
function typedValues(operation: Operation): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...operation.changes.map((change) => ({ ...change.to, ...change.add }))) as Record<
    string,
    unknown
  >;
}

/** A change the server refused: what was typed, on what, why, and what can be done about it. */
export function RefusedCard(props: { readonly item: AttentionItem; readonly followers: readonly AttentionItem[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const run = useCommand();
  const { item } = props;
  const { operation } = item;
  const definitions = useDefinitions();
  const definition = definitions[(entityOf(operation.entity) ?? entities.deal).name];
  const isField = definition.name === 'customField' && operation.kind === 'create';
  const { data } = useLive('record', { entity: definition.name, id: operation.recordId });
  const record = data?.record ?? null;
  const values = typedValues(operation);
  const label =
    record === null || isField
      ? (item.label ?? (operation.kind === 'create' ? textOf(values[definition.titleField]) : '')) ||
        t('attention.goneRecord', { entity: names.entity(definition) })
      : recordTitle(record);
  const path = record === null || isField ? null : pathOfRecord(definition.name, record.id);
  const why =
    refusalTextOf(t, names, { message: item.message, details: item.why ?? {} }) ??
    t(`attention.reason.${item.code}`, { defaultValue: item.message });
  const asText = Object.entries(values)
    .map(
      ([field, value]) =>
        `${names.field(definition, field)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join('\n');

  const discard = (id: string): Promise<unknown> => invokeMain(getBridge(), 'attention.discard', { id });
  /** What Outpost fills in itself is filled in again. */
  const ownValues = (typed: Readonly<Record<string, unknown>>, of: EntityDefinition) =>
    Object.fromEntries(Object.entries(typed).filter(([field]) => of.fields[field]?.system !== true));

  /** A field goes together with what was typed into it: to its new place, or with it. */
  async function settleField(newId: string | null): Promise<void> {
    const valuesOf = ({ operation: other }: AttentionItem) =>
      ownValues(typedValues(other), definitions[(entityOf(other.entity) ?? entities.deal).name]);
    for (const { id, send } of resendingsOf(props.followers, operation.recordId, newId, valuesOf)) {
      const isSent = send === null || (await run(send.command, send.input)) !== null;
      if (isSent) await discard(id);
    }
    await discard(item.id);
  }

  async function defineAgain(): Promise<void> {
    const outcome = await run('defineField', definitionAgain(values), { done: t('attention.resent') });
    if (outcome !== null) await settleField(outcome.recordId);
  }

  async function resend(): Promise<void> {
    if (isField) return defineAgain();
    const own = ownValues(values, definition);
    // The content of a file is kept under its id.
    const sameId = definition.name === 'file' ? { id: operation.recordId } : {};
    const outcome =
      operation.kind === 'create'
        ? await run(
            'createRecord',
            { entity: definition.name, values: own, ...sameId },
            { done: t('attention.resent') },
          )
        : await run(
            'updateRecord',
            { entity: definition.name, id: operation.recordId, values: own },
            { done: t('attention.resent') },
          );
    if (outcome !== null) await discard(item.id);
  }

  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconBan size={16} aria-hidden style={{ flex: 'none' }} />
          <span>
            {t(item.code === 'from_backup' ? 'attention.backupTitle' : 'attention.refusedTitle', {
              what: t(`commands.${operation.command}`, { defaultValue: operation.command }),
            })}{' '}
            {path === null ? label : <Link to={path}>{label}</Link>}
          </span>
        </span>
      }
      actions={<span className="op-muted">{format.instant(item.createdAt)}</span>}
    >
      <div data-testid="refused" data-code={item.code} data-record={operation.recordId}>
        <p className={classes.reason}>{why}</p>
        {item.problems.map((problem) => (
          <p key={`${problem.field}${problem.code}`} className={classes.problem}>
            {names.field(definition, problem.field)}: {t(`problems.${problem.code}`, { defaultValue: problem.message })}
          </p>
        ))}
        <ValuesTable
          definition={definition}
          labels={data?.labels ?? {}}
          columns={[{ id: 'typed', title: t('attention.youTyped'), values: isField ? wordsOfField(values) : values }]}
        />
        {definition.name === 'file' && operation.kind === 'create' ? (
          <FileOffers
            file={{
              id: operation.recordId,
              name: textOf(values['name']),
              mediaType: textOf(values['mediaType']),
              sizeBytes: Number(values['sizeBytes']),
            }}
          />
        ) : null}
        {props.followers.length === 0 ? null : (
          <p className={classes.reason}>{t('attention.followers', { count: props.followers.length })}</p>
        )}
        <Group gap={8} mt={12}>
          {record !== null || operation.kind === 'create' ? (
            <Button onClick={() => void resend()}>{t('attention.resend')}</Button>
          ) : null}
          <CopyButton value={asText}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('common.copied') : t('attention.copy')}
              </Button>
            )}
          </CopyButton>
          <Button variant="subtle" color="red" onClick={() => void (isField ? settleField(null) : discard(item.id))}>
            {t('attention.discard')}
          </Button>
        </Group>
      </div>
    </Panel>
  );
}
