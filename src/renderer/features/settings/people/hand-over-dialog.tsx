// What somebody holds, and who goes on with it. All of it is one command: saved on this computer at once or not at all, with
// or without a network; the server judges each record when it gets there.
import { Alert, Button, Checkbox, Group, Loader, Select, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import type { LocalRecord, OwnedSummary } from '#renderer/data/data-contract.ts';
import { useLive, useRequest } from '#renderer/data/use-data.ts';
import type { OwnedKind } from '#shared/entities/user/owned-records.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './people.module.css';

type Choices = Partial<Readonly<Record<OwnedKind, string | null>>>;

/** What is closed stays a part of history unless somebody wants it otherwise. */
const stays: readonly OwnedKind[] = ['closedDeal'];

export function HandOverDialog(props: {
  readonly user: LocalRecord;
  /** Switches the person off in the end; otherwise that can be chosen. */
  readonly isLeaving: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const request = useRequest();
  const errorText = useErrorText();
  const run = useCommand();
  const { user } = props;
  const name = textOf(user['name']);
  const [owned, setOwned] = useState<readonly OwnedSummary[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [everything, setEverything] = useState<string | null>(null);
  const [choices, setChoices] = useState<Choices>({});
  const [deactivate, setDeactivate] = useState(props.isLeaving);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    request('describeOwned', { userId: user.id }).then(setOwned, (failure: unknown) => setError(errorText(failure)));
  }, [request, user.id, errorText]);

  const held = (owned ?? []).filter(({ count }) => count > 0);
  const successorOf = (kind: OwnedKind): string | null =>
    kind in choices ? (choices[kind] ?? null) : stays.includes(kind) ? null : everything;
  const given = held.filter(({ kind }) => successorOf(kind) !== null);
  const left = held.filter(({ kind }) => successorOf(kind) === null && !stays.includes(kind));

  async function save(): Promise<void> {
    setBusy(true);
    const to = Object.fromEntries(given.map(({ kind }) => [kind, successorOf(kind)]));
    const count = given.reduce((sum, one) => sum + one.count, 0);
    const done = t(deactivate ? 'people.handOver.doneOff' : 'people.handOver.done', { name, count });
    const outcome = await run('handOver', { userId: user.id, to, deactivate }, { done });
    setBusy(false);
    if (outcome !== null) props.onClose();
  }

  return (
    <FormDialog
      isOpen
      isTyped={everything !== null || Object.keys(choices).length > 0}
      onClose={props.onClose}
      title={t(props.isLeaving ? 'people.handOver.titleOff' : 'people.handOver.title', { name })}
    >
      {(cancel) => (
        <Stack gap="md">
          <Text size="sm">{t('people.handOver.text', { name })}</Text>
          {error === null ? null : (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          {owned === null && error === null ? <Loader size="sm" aria-label={t('people.handOver.looking')} /> : null}
          {owned !== null && held.length === 0 ? <Text size="sm">{t('people.handOver.nothing', { name })}</Text> : null}
          {held.length === 0 ? null : (
            <>
              <ReferenceInput
                entity="user"
                label={t('people.handOver.everything')}
                value={everything}
                onChange={setEverything}
                without={[user.id]}
                autoFocus
              />
              <KindTable
                held={held}
                userId={user.id}
                successorOf={successorOf}
                onChoose={(kind, id) => setChoices((before) => ({ ...before, [kind]: id }))}
              />
            </>
          )}
          <Checkbox
            label={t('people.handOver.deactivate', { name })}
            description={<span className="op-muted">{t('people.handOver.deactivateText')}</span>}
            checked={deactivate}
            onChange={(event) => setDeactivate(event.currentTarget.checked)}
          />
          {deactivate && left.length > 0 && owned !== null ? (
            <Alert color="yellow" role="status">
              {t('people.handOver.left', { name })}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={cancel}>
              {t('common.cancel')}
            </Button>
            <Button
              loading={isBusy}
              disabled={owned === null || (!deactivate && given.length === 0)}
              onClick={() => void save()}
            >
              {t(deactivate ? 'people.handOver.saveOff' : 'people.handOver.save')}
            </Button>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}

function KindTable(props: {
  readonly held: readonly OwnedSummary[];
  readonly userId: string;
  readonly successorOf: (kind: OwnedKind) => string | null;
  readonly onChoose: (kind: OwnedKind, id: string | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useLive('list', {
    entity: 'user',
    filter: { field: 'isActive', op: 'ne', value: false },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const people = (data?.rows ?? [])
    .filter(({ id }) => id !== props.userId)
    .map((row) => ({ value: row.id, label: textOf(row['name']) }));
  return (
    <table className={classes.kinds}>
      <thead>
        <tr>
          <th scope="col">{t('people.handOver.what')}</th>
          <th scope="col" className={classes.count}>
            {t('people.handOver.count')}
          </th>
          <th scope="col">{t('people.handOver.to')}</th>
        </tr>
      </thead>
      <tbody>
        {props.held.map(({ kind, count, names }) => (
          <tr key={kind} data-kind={kind}>
            <th scope="row">
              {t(`people.kinds.${kind}`)}
              <span className={classes.names}>{[...names, ...(count > names.length ? ['…'] : [])].join(', ')}</span>
            </th>
            <td className={classes.count}>{format.number(count)}</td>
            <td>
              <Select
                size="xs"
                aria-label={t('people.handOver.successorOf', { kind: t(`people.kinds.${kind}`) })}
                data={people}
                searchable
                clearable
                clearButtonProps={{ 'aria-label': t('common.clear') }}
                placeholder={t('people.handOver.stays')}
                nothingFoundMessage={t('common.nothingFound')}
                value={props.successorOf(kind)}
                onChange={(id) => props.onChoose(kind, id)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
