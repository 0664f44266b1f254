import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { usePlatform } from '#renderer/features/platform/use-platform.ts';
import type { PlatformInput } from '#shared/platform/platform-calls.ts';
import { supportRoles, type SupportPerson } from '#shared/platform/platform-messages.ts';
import { SUPPORT_HOURS } from '#shared/platform/policies.ts';
import classes from './platform.module.css';

const SHORTEST_REASON = 3;

/** Who goes where, why, for how long, and whether they may change something. */
export function OpenSupportForm(props: {
  readonly people: readonly SupportPerson[];
  readonly isBusy: boolean;
  /** False: it was refused, and what was written stays. */
  readonly onOpen: (wish: PlatformInput<'openSupport'>) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const { answer } = usePlatform('listOrganizations', {});
  const [staffId, setStaffId] = useState<string | null>(null);
  const [organization, setOrganization] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState(2);
  const [role, setRole] = useState<(typeof supportRoles)[number]>('viewer');
  useTypedForm(reason !== '');
  const isComplete = staffId !== null && organization !== null && reason.trim().length >= SHORTEST_REASON;

  async function open(): Promise<void> {
    if (staffId === null || organization === null) return;
    if (await props.onOpen({ organization, staffId, reason: reason.trim(), hours, role })) setReason('');
  }

  return (
    <form
      className={classes.row}
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <Select
        label={t('platform.support.who')}
        data={props.people.map(({ id, name }) => ({ value: id, label: name }))}
        value={staffId}
        w={180}
        onChange={setStaffId}
      />
      <Select
        label={t('platform.support.where')}
        data={(answer?.organizations ?? [])
          .filter(({ isOperator }) => !isOperator)
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={organization}
        w={200}
        onChange={setOrganization}
      />
      <TextInput
        label={t('support.reason')}
        maxLength={300}
        w={240}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <NumberInput
        label={t('platform.support.hours')}
        min={SUPPORT_HOURS.least}
        max={SUPPORT_HOURS.most}
        allowDecimal={false}
        w={90}
        value={hours}
        onChange={(value) => setHours(typeof value === 'number' ? value : SUPPORT_HOURS.least)}
      />
      <Select
        label={t('platform.support.may')}
        data={supportRoles.map((value) => ({ value, label: t(`support.roles.${value}`) }))}
        value={role}
        allowDeselect={false}
        w={170}
        onChange={(value) => setRole(value === 'org_admin' ? 'org_admin' : 'viewer')}
      />
      <Button type="submit" size="sm" loading={props.isBusy} disabled={!isComplete}>
        {t('platform.support.ask')}
      </Button>
    </form>
  );
}
