import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { usePermissionName } from '#renderer/blocks/use-permission-name.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { PersonDifference, RightsPreview } from '#shared/access/preview-rights.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './rights-dialog.module.css';

/** People named with what changes for them; the others are counted until somebody wants to see them. */
const SHOWN = 8;

export function RightsDialog(props: {
  readonly preview: RightsPreview;
  readonly onDecide: (isWanted: boolean) => void;
}) {
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  const { people } = props.preview;
  const shown = isAll ? people : people.slice(0, SHOWN);
  return (
    <Modal
      opened
      size="lg"
      onClose={() => props.onDecide(false)}
      title={<Text fw={600}>{t('rights.title', { count: people.length })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Text size="sm" className="op-muted">
          {t('rights.text')}
        </Text>
        <div
          className={classes.people}
          // It scrolls, and holds nothing to focus.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {shown.map((person) => (
            <Person key={person.userId} person={person} />
          ))}
        </div>
        {shown.length === people.length ? null : (
          <Button variant="default" onClick={() => setAll(true)}>
            {t('rights.showAll', { count: people.length - shown.length })}
          </Button>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => props.onDecide(false)} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button onClick={() => props.onDecide(true)}>{t('rights.save')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Person(props: { readonly person: PersonDifference }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const permissionName = usePermissionName();
  const { person } = props;
  const headingId = useId();
  const list = (items: readonly string[]): string => items.join(', ');
  const field = ({ entity, field: name }: PersonDifference['fields'][number]): string =>
    `${names.entity(entities[entity])}: ${names.field(entities[entity], name)}`;
  return (
    <section aria-labelledby={headingId} className={classes.person} data-testid="rights-person">
      <h3 id={headingId}>
        {person.name}{' '}
        {person.isActiveBefore === person.isActiveAfter ? null : (
          <Pill tone={person.isActiveAfter ? 'accent' : 'warn'}>
            {t(person.isActiveAfter ? 'rights.getsIn' : 'rights.getsOut')}
          </Pill>
        )}
      </h3>
      {person.records.length === 0 ? null : (
        <table className={classes.counts}>
          <thead>
            <tr>
              <th scope="col">{t('rights.records')}</th>
              <th scope="col">{t('rights.gains')}</th>
              <th scope="col">{t('rights.loses')}</th>
            </tr>
          </thead>
          <tbody>
            {person.records.map(({ entity, action, gained, lost }) => (
              <tr key={`${entity} ${action}`}>
                <th scope="row">{t(`rights.${action}`, { records: names.entities(entities[entity]) })}</th>
                <td data-tone={gained > 0 ? 'good' : undefined}>{gained > 0 ? `+${format.number(gained)}` : '–'}</td>
                <td data-tone={lost > 0 ? 'danger' : undefined}>{lost > 0 ? `−${format.number(lost)}` : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <dl className={classes.facts}>
        <Fact label={t('rights.permissionsGained')} text={list(person.permissionsGained.map(permissionName))} />
        <Fact label={t('rights.permissionsLost')} text={list(person.permissionsLost.map(permissionName))} />
        <Fact
          label={t('rights.fields')}
          text={list(
            person.fields.map((one) =>
              t('rights.field', {
                field: field(one),
                before: t(`fieldModes.${one.before}`),
                after: t(`fieldModes.${one.after}`),
              }),
            ),
          )}
        />
      </dl>
    </section>
  );
}

function Fact(props: { readonly label: string; readonly text: string }) {
  if (props.text === '') return null;
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.text}</dd>
    </>
  );
}
