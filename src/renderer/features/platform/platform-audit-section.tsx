import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOutcomeText } from '#renderer/blocks/use-outcome-text.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { PlatformInput } from '#shared/platform/platform-calls.ts';
import type { PlatformAudit, PlatformAuditEntry } from '#shared/platform/platform-messages.ts';
import classes from './platform.module.css';

/** Names of people stay with their organizations; so much of an id tells one of another organization from the others. */
const ID_SHOWN = 8;
const MOST_PEOPLE = 1_000;
/** Where the words for commands stand in the translations. */
const COMMAND_WORDS = 'settings.audit.commands';

function listOf(words: unknown, before = ''): readonly { readonly value: string; readonly label: string }[] {
  if (typeof words === 'string') return [{ value: before, label: words }];
  if (!isPlainObject(words)) return [];
  return Object.entries(words).flatMap(([name, below]) => listOf(below, before === '' ? name : `${before}.${name}`));
}

/** Everything the audit has a word for, by that word. */
function useCommands(): readonly { readonly value: string; readonly label: string }[] {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? i18n.language;
  return useMemo(() => {
    const inOrder = new Intl.Collator(language);
    const words: unknown = i18n.getResource(language, 'translation', COMMAND_WORDS);
    return listOf(words).toSorted((one, other) => inOrder.compare(one.label, other.label));
  }, [i18n, language]);
}

/** Pages below the first one, for as long as the question is the same. */
function useOlder(first: PlatformAudit | null, asked: PlatformInput<'readAudit'>) {
  const [read, setRead] = useState<{ readonly under: PlatformAudit; readonly page: PlatformAudit } | null>(null);
  const { run, isBusy, error } = useDoing();
  const shown = read?.under === first ? read : null;
  const entries = shown?.page.entries ?? [];
  const next = (shown?.page ?? first)?.next ?? null;
  return {
    entries,
    hasMore: next !== null,
    isBusy,
    error,
    read: () =>
      void run(async () => {
        if (first === null || next === null) return;
        const page = await askPlatform('readAudit', { ...asked, before: next });
        setRead({ under: first, page: { ...page, entries: [...entries, ...page.entries] } });
      }, ''),
  };
}

/** The name of who did it, for people of the reader's own organization; null for all others. */
function useOwnPeople(): (entry: PlatformAuditEntry) => string | null {
  const own = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.tenantId : null,
  );
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: MOST_PEOPLE,
  });
  const names = useMemo(() => new Map((data?.rows ?? []).map(({ id, name }) => [id, textOf(name)])), [data]);
  return ({ organization, actor }) => (organization === own && actor !== null ? (names.get(actor) ?? null) : null);
}

/** What was done in the organizations, without a word of what it was done to. */
export function PlatformAuditSection() {
  const { t } = useTranslation();
  const format = useFormat();
  const organizations = usePlatform('listOrganizations', {});
  const [organization, setOrganization] = useState<string | null>(null);
  const [command, setCommand] = useState<string | null>(null);
  const commands = useCommands();
  const asked = {
    ...(organization === null ? {} : { organization }),
    ...(command === null ? {} : { command }),
  };
  const { answer, error } = usePlatform('readAudit', asked);
  const older = useOlder(answer, asked);
  const entries = [...(answer?.entries ?? []), ...older.entries];
  const names = useNames();
  const kindOf = (entity: string): string => {
    const definition = entity === 'organization' ? undefined : entityOf(entity);
    return definition === undefined
      ? t(`platform.audit.kinds.${entity}`, { defaultValue: entity })
      : names.entity(definition);
  };
  const outcomeOf = useOutcomeText();
  const nameOf = useOwnPeople();
  return (
    <Section name="audit" error={error ?? organizations.error ?? older.error}>
      <div className={classes.row}>
        <Select
          label={t('platform.audit.organization')}
          placeholder={t('platform.audit.all')}
          data={(organizations.answer?.organizations ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={organization}
          clearable
          clearButtonProps={{ 'aria-label': t('platform.audit.all') }}
          w={240}
          onChange={setOrganization}
        />
        <Select
          label={t('platform.audit.command')}
          placeholder={t('platform.audit.any')}
          data={[...commands]}
          value={command}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('platform.audit.any') }}
          nothingFoundMessage={t('common.nothingFound')}
          w={300}
          onChange={setCommand}
        />
      </div>
      {answer !== null && entries.length === 0 ? <p className={classes.muted}>{t('platform.audit.none')}</p> : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{t('platform.audit.at')}</th>
            <th>{t('platform.audit.organization')}</th>
            <th>{t('platform.audit.command')}</th>
            <th>{t('platform.audit.entity')}</th>
            <th>{t('platform.audit.actor')}</th>
            <th>{t('platform.audit.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={`${entry.organization} ${String(entry.no)}`}>
              <td>{format.seconds(entry.at)}</td>
              <td>{entry.name}</td>
              <td>{t(`settings.audit.commands.${entry.command}`, { defaultValue: entry.command })}</td>
              <td>{kindOf(entry.entity)}</td>
              <td className={classes.muted}>
                {entry.actor === null
                  ? t('settings.audit.operator')
                  : (nameOf(entry) ?? <code title={entry.actor}>{entry.actor.slice(-ID_SHOWN)}</code>)}
              </td>
              <td>{outcomeOf(entry.outcome)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {older.hasMore ? (
        <Button mt="md" size="xs" variant="default" disabled={older.isBusy} onClick={older.read}>
          {t('audit.entries.older')}
        </Button>
      ) : null}
    </Section>
  );
}
