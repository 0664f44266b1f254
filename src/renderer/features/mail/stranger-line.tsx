// Who wrote is nobody Outpost knows: a contact or a lead is made of what the mail says, and the mail is kept with it.
import { Button } from '@mantine/core';
import { IconTargetArrow, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { personIn } from '#renderer/features/mail/person-in-mail.ts';
import { entities } from '#shared/entities/registry.ts';
import type { MailSummary } from '#shared/mail/mail-types.ts';
import classes from './mail.module.css';

const byName = [{ field: 'name', direction: 'asc' }] as const;

/** Null before it is known. */
function useIsStranger(address: string): boolean | null {
  const filter = { field: 'email', op: 'eq', value: address.toLowerCase() } as const;
  const query = { filter, sort: [...byName], offset: 0, limit: 1 };
  const found = [
    useLive('list', { entity: 'contact', ...query }),
    useLive('list', { entity: 'lead', ...query }),
    useLive('list', { entity: 'user', ...query }),
  ];
  return found.every(({ data }) => data !== undefined) ? found.every(({ data }) => data?.rows.length === 0) : null;
}

export function StrangerLine(props: {
  readonly mail: MailSummary;
  /** The company that is known already. */
  readonly account: { readonly id: string; readonly name: string } | null;
}) {
  const { t } = useTranslation();
  const can = useCan();
  const { mail, account } = props;
  const [making, setMaking] = useState<'contact' | 'lead' | null>(null);
  const isStranger = useIsStranger(mail.from.address);
  if (isStranger !== true && making === null) return null;
  const { name, email, company } = personIn(mail.from);
  // The mailbox is gone through again at once, so that the mail stands with who was made.
  const lookAgain = (): void =>
    void invokeMain(getBridge(), 'mailbox.sync', { id: mail.accountId, folder: null, thorough: false });
  return (
    <div className={classes.strip} data-testid="stranger">
      <span>{t('mailbox.stranger', { name: name === '' ? email : name })}</span>
      <span className={classes.buttons}>
        {can('create', entities.contact) ? (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconUserPlus size={13} />}
            onClick={() => setMaking('contact')}
          >
            {t('mailbox.addContact')}
          </Button>
        ) : null}
        {can('create', entities.lead) && account === null ? (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconTargetArrow size={13} />}
            onClick={() => setMaking('lead')}
          >
            {t('mailbox.addLead')}
          </Button>
        ) : null}
      </span>
      {(['contact', 'lead'] as const).map((entity) => (
        <CreateRecordDialog
          key={entity}
          entity={entity}
          isOpen={making === entity}
          onClose={() => setMaking(null)}
          initial={
            entity === 'lead'
              ? { name, email, ...(company === '' ? {} : { company }) }
              : { name, email, ...(account === null ? {} : { accountId: account.id }) }
          }
          {...(account === null ? {} : { initialLabels: { [account.id]: account.name } })}
          onMade={lookAgain}
          isStaying
        />
      ))}
    </div>
  );
}
