import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Turns a lead into account, contact and deal in one step; each may be new, an existing one, or left out. */
export function ConvertLeadDialog(props: {
  readonly lead: LocalRecord;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const run = useCommand();
  const name = textOf(props.lead['name']);
  const company = textOf(props.lead['company']);
  const [accountMode, setAccountMode] = useState<'new' | 'existing' | 'none'>(company === '' ? 'none' : 'new');
  const [accountId, setAccountId] = useState<string | null>(null);
  const [hasDeal, setHasDeal] = useState(true);
  const [dealName, setDealName] = useState(company === '' ? name : company);

  async function convert(): Promise<void> {
    const account = accountMode === 'none' ? 'none' : accountMode === 'new' ? 'new' : { existingId: accountId };
    const outcome = await run(
      'convertLead',
      { id: props.lead.id, account, contact: 'new', deal: hasDeal ? { name: dealName } : 'none' },
      { done: t('lead.converted') },
    );
    if (outcome === null) return;
    props.onClose();
    if (hasDeal && outcome.recordId !== null) void navigate(pathOfRecord('deal', outcome.recordId) ?? '/deals');
  }

  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={<Text fw={600}>{t('lead.convertTitle', { name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void convert();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" fw={540}>
            {t('entities.account.one')}
          </Text>
          <SegmentedControl
            size="xs"
            aria-label={t('entities.account.one')}
            value={accountMode}
            onChange={(value) => setAccountMode(value)}
            data={[
              { value: 'new', label: t('lead.new', { name: company }), disabled: company === '' },
              { value: 'existing', label: t('lead.existing') },
              { value: 'none', label: t('lead.none') },
            ]}
          />
          {accountMode === 'existing' ? (
            <ReferenceInput
              entity="account"
              ariaLabel={t('entities.account.one')}
              value={accountId}
              onChange={setAccountId}
            />
          ) : null}
          <Checkbox
            label={t('lead.withDeal')}
            checked={hasDeal}
            onChange={(event) => setHasDeal(event.currentTarget.checked)}
          />
          {hasDeal ? (
            <TextInput
              label={t('lead.dealName')}
              value={dealName}
              onChange={(event) => setDealName(event.currentTarget.value)}
              required
            />
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={accountMode === 'existing' && accountId === null}>
              {t('lead.convert')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
