// To which deal a conversation belongs: one of the open ones of the same people, a new one, or none.
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconCurrencyEuro, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Filter } from '#shared/query/filter.ts';

const MOST = 12;

export function DealMenu(props: {
  /** The mail whose line this is; what is chosen holds for all of `ids`. */
  readonly mail: LocalRecord;
  readonly ids: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}) {
  const { t } = useTranslation();
  const { mail, ids, labels } = props;
  const execute = useCommand();
  const can = useCan();
  const [isMaking, setMaking] = useState(false);
  const [accountId, contactId, dealId] = ['accountId', 'contactId', 'dealId'].map((field) => textOf(mail[field]));
  const among: Filter =
    accountId === ''
      ? { field: 'primaryContactId', op: 'eq', value: contactId ?? '' }
      : { field: 'accountId', op: 'eq', value: accountId ?? '' };
  const { data } = useLive('list', {
    entity: 'deal',
    filter: { and: [among, { field: 'status', op: 'eq', value: 'open' }] },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: MOST,
  });
  if (textOf(mail['leadId']) !== '') return null;

  async function move(next: string | null): Promise<void> {
    await execute('setMailDeal', { ids, dealId: next });
  }

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconCurrencyEuro size={13} />}
            rightSection={<IconChevronDown size={12} />}
          >
            {t(dealId === '' ? 'mailbox.chooseDeal' : 'mailbox.otherDeal')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('mailbox.dealOf')}</Menu.Label>
          {(data?.rows ?? []).map((deal) => (
            <Menu.Item key={deal.id} aria-current={deal.id === dealId} onClick={() => void move(deal.id)}>
              {recordTitle(deal)}
            </Menu.Item>
          ))}
          {can('create', entities.deal) ? (
            <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
              {t('mailbox.newDeal')}
            </Menu.Item>
          ) : null}
          {dealId === '' ? null : (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => void move(null)}>{t('mailbox.noDeal')}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <CreateRecordDialog
        entity="deal"
        isOpen={isMaking}
        onClose={() => setMaking(false)}
        initial={{
          ...(accountId === '' ? {} : { accountId }),
          ...(contactId === '' ? {} : { primaryContactId: contactId }),
        }}
        initialLabels={labels}
        onMade={(id) => void move(id)}
        isStaying
      />
    </>
  );
}
