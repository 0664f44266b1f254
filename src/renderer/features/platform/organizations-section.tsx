import { Button, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { usePlanName } from '#renderer/blocks/use-plan-name.ts';
import { FoundDialog } from '#renderer/features/platform/found-dialog.tsx';
import { LookDialog } from '#renderer/features/platform/look-dialog.tsx';
import { OrganizationDialog } from '#renderer/features/platform/organization-dialog.tsx';
import { Section } from '#renderer/features/platform/section.tsx';
import { useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { PlatformOrganization } from '#shared/platform/platform-messages.ts';
import classes from './platform.module.css';

const MEGABYTE = 1024 * 1024;

/** Which one is open, and what of it. */
interface Opened {
  readonly id: string;
  readonly what: 'terms' | 'look';
}

/** Every organization with its state, plan and use; opened, what can be decided about it. */
export function OrganizationsSection() {
  const { t } = useTranslation();
  const { answer, error, reload } = usePlatform('listOrganizations', {});
  const doing = useDoing();
  const [isFounding, setFounding] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  const organizations = answer?.organizations ?? [];
  const open = organizations.find(({ id }) => id === opened?.id) ?? null;
  const finish = (said: string): void => {
    setOpened(null);
    reload();
    void doing.run(async () => undefined, said);
  };
  const OpenDialog = opened?.what === 'look' ? LookDialog : OrganizationDialog;
  return (
    <Section
      name="organizations"
      error={error}
      doing={doing}
      actions={
        <Button leftSection={<IconPlus size={14} />} onClick={() => setFounding(true)}>
          {t('platform.organizations.found')}
        </Button>
      }
    >
      {answer === null ? null : (
        <table className={classes.table} data-testid="organizations">
          <thead>
            <tr>
              <th>{t('platform.organizations.name')}</th>
              <th>{t('platform.organizations.state')}</th>
              <th>{t('platform.organizations.plan')}</th>
              <th className={classes.number}>{t('platform.limits.users')}</th>
              <th className={classes.number}>{t('platform.limits.records')}</th>
              <th className={classes.number}>{t('platform.organizations.storage')}</th>
              <th className={classes.number}>{t('platform.organizations.calls')}</th>
              <th>
                <VisuallyHidden>{t('platform.organizations.look')}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {organizations.map((organization) => (
              <OrganizationRow key={organization.id} organization={organization} onOpen={setOpened} />
            ))}
          </tbody>
        </table>
      )}
      {isFounding ? (
        <FoundDialog
          onClose={() => {
            setFounding(false);
            reload();
          }}
        />
      ) : null}
      {open === null ? null : (
        <OpenDialog key={open.id} organization={open} onClose={() => setOpened(null)} onDone={finish} />
      )}
    </Section>
  );
}

function OrganizationRow(props: {
  readonly organization: PlatformOrganization;
  readonly onOpen: (opened: Opened) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const planNameOf = usePlanName();
  const { id, name, isOperator, state, stateReason, planId, planName, usage, limits } = props.organization;
  const ofLimit = (used: string, limit: number | null, text: (count: number) => string): string =>
    limit === null ? used : t('platform.organizations.of', { used, limit: text(limit) });
  const count = (value: number): string => format.number(value);
  return (
    <tr>
      <td>
        <button type="button" className={classes.open} onClick={() => props.onOpen({ id, what: 'terms' })}>
          {name}
        </button>{' '}
        {isOperator ? <Pill tone="accent">{t('platform.organizations.operator')}</Pill> : null}
      </td>
      <td>
        {state === 'active' ? (
          <Pill tone="good">{t('platform.organizations.active')}</Pill>
        ) : (
          <Pill tone="danger" title={stateReason}>
            {t('platform.organizations.suspended')}
          </Pill>
        )}
      </td>
      <td>{planNameOf({ id: planId, name: planName })}</td>
      <td className={classes.number}>{ofLimit(count(usage.users), limits.users, count)}</td>
      <td className={classes.number}>{ofLimit(count(usage.records), limits.records, count)}</td>
      <td className={classes.number}>
        {ofLimit(format.bytes(usage.bytes), limits.storageMb, (limit) => format.bytes(limit * MEGABYTE))}
      </td>
      <td className={classes.number}>{ofLimit(count(usage.apiCalls), limits.apiCalls, count)}</td>
      <td className={classes.number}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          aria-label={t('platform.organizations.lookOf', { name })}
          onClick={() => props.onOpen({ id, what: 'look' })}
        >
          {t('platform.organizations.look')}
        </Button>
      </td>
    </tr>
  );
}
