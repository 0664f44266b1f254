// Applies the rules to the accounts there are: first what would change, counted by territory, then the change itself.
import { Button, Group, Modal, Progress, Stack, Switch, Table, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import { readAccounts } from '#renderer/features/settings/territories/read-accounts.ts';
import { nameOf } from '#renderer/features/settings/territories/territory-rows.ts';
import { planAssignments } from '#shared/entities/territory/plan-assignments.ts';
import { toInstant } from '#shared/kernel/calendar.ts';

/** Accounts of one command; each takes its contacts and deals along. */
const ACCOUNTS_AT_ONCE = 200;

export function ApplyRulesDialog(props: {
  readonly territories: readonly LocalRecord[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const client = useDataClient();
  const [accounts, setAccounts] = useState<readonly LocalRecord[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const errorText = useErrorText();
  const { fiscalYearStart } = useOrganization().figures;
  const [today] = useState(() => toInstant(Date.now()).slice(0, 10));
  const [isAll, setAll] = useState(false);
  const [done, setDone] = useState<number | null>(null);
  useEffect(() => {
    const reading = new AbortController();
    readAccounts(client, reading.signal).then(setAccounts, setFailure);
    return () => reading.abort();
  }, [client]);
  const plan = useMemo(
    () => planAssignments(props.territories, accounts ?? [], isAll, { today, fiscalYearStart }),
    [props.territories, accounts, isAll, today, fiscalYearStart],
  );
  const total = plan.assignments.length;

  async function apply(): Promise<void> {
    for (let from = 0; from < total; from += ACCOUNTS_AT_ONCE) {
      setDone(from);
      const assignments = plan.assignments.slice(from, from + ACCOUNTS_AT_ONCE);
      const isLast = from + ACCOUNTS_AT_ONCE >= total;
      const outcome = await run(
        'assignTerritories',
        { assignments },
        isLast ? { done: t('territories.rules.done', { count: total }) } : {},
      );
      if (outcome === null) {
        setDone(null);
        return;
      }
    }
    props.onClose();
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t('territories.applyRules')}</Text>}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('territories.rules.text')}</Text>
        <Switch
          label={t('territories.rules.all')}
          description={t('territories.rules.allHint')}
          checked={isAll}
          onChange={(event) => setAll(event.currentTarget.checked)}
          disabled={done !== null}
        />
        <Table aria-label={t('territories.applyRules')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('territories.rules.territory')}</Table.Th>
              <Table.Th ta="right">{t('territories.rules.coming')}</Table.Th>
              <Table.Th ta="right">{t('territories.rules.going')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plan.counts.map(({ territoryId, coming, going }) => (
              <Table.Tr key={territoryId}>
                <Table.Td>{nameOfTerritory(props.territories, territoryId, t('common.notAvailable'))}</Table.Td>
                <Table.Td ta="right">{coming}</Table.Td>
                <Table.Td ta="right">{going}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="sm" aria-live="polite">
          {failure !== null
            ? errorText(failure)
            : accounts === null
              ? t('territories.rules.counting')
              : t('territories.rules.sum', { changed: total, same: plan.unchanged, without: plan.withoutRule })}
        </Text>
        {done === null ? null : (
          <Progress value={(100 * done) / Math.max(1, total)} aria-label={t('territories.applyRules')} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button disabled={total === 0 || done !== null} onClick={() => void apply()}>
            {t('territories.rules.apply', { count: total })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function nameOfTerritory(territories: readonly LocalRecord[], id: string, fallback: string): string {
  const found = territories.find((record) => record.id === id);
  return found === undefined ? fallback : nameOf(found);
}
