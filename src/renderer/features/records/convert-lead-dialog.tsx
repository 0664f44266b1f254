import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsChanged } from '#renderer/blocks/use-is-changed.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useCarriedFields } from '#renderer/features/records/use-carried-fields.tsx';
import { textOf } from '#shared/kernel/text-of.ts';

type Mode = 'new' | 'existing' | 'none';

/** Turns a lead into account, contact and deal in one step; each may be new, an existing one, or left out. */
export function ConvertLeadDialog(props: { readonly lead: LocalRecord; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const run = useCommand();
  const name = textOf(props.lead['name']);
  const company = textOf(props.lead['company']);
  const [accountMode, setAccountMode] = useState<Mode>(company === '' ? 'none' : 'new');
  const [accountId, setAccountId] = useState<string | null>(null);
  const [contactMode, setContactMode] = useState<Mode>('new');
  const [contactId, setContactId] = useState<string | null>(null);
  const [hasDeal, setHasDeal] = useState(true);
  const [dealName, setDealName] = useState(company === '' ? name : company);

  const custom = useCarriedFields(props.lead, {
    ...(accountMode === 'none' ? {} : { account: accountMode }),
    ...(contactMode === 'none' ? {} : { contact: contactMode }),
    ...(hasDeal ? { deal: 'new' } : {}),
  });
  const isTyped = useIsChanged({ accountMode, accountId, contactMode, contactId, hasDeal, dealName });
  const isComplete =
    (accountMode !== 'existing' || accountId !== null) &&
    (contactMode !== 'existing' || contactId !== null) &&
    (!hasDeal || dealName.trim() !== '') &&
    custom.isComplete;

  async function convert(): Promise<void> {
    const account =
      accountMode === 'existing'
        ? { existingId: accountId }
        : accountMode === 'new'
          ? { new: custom.valuesOf('account') }
          : { none: true };
    const contact =
      contactMode === 'existing'
        ? { existingId: contactId }
        : contactMode === 'new'
          ? { new: custom.valuesOf('contact') }
          : { none: true };
    const deal = hasDeal ? { new: { ...custom.valuesOf('deal'), name: dealName.trim() } } : { none: true };
    const outcome = await run(
      'convertLead',
      { id: props.lead.id, account, contact, deal, without: custom.without },
      { done: t('lead.converted') },
    );
    if (outcome === null) return;
    props.onClose();
    const target = hasDeal ? 'deal' : contactMode !== 'none' ? 'contact' : accountMode !== 'none' ? 'account' : 'lead';
    const path = outcome.recordId === null ? null : pathOfRecord(target, outcome.recordId);
    if (path !== null) void navigate(path);
  }

  return (
    <FormDialog
      isOpen
      isTyped={isTyped || custom.isTyped}
      onClose={props.onClose}
      title={t('lead.convertTitle', { name })}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void convert();
          }}
        >
          <Stack gap="sm">
            <TargetChoice
              entity="account"
              newName={company}
              mode={accountMode}
              onMode={setAccountMode}
              id={accountId}
              onId={setAccountId}
            />
            <TargetChoice
              entity="contact"
              newName={name}
              mode={contactMode}
              onMode={setContactMode}
              id={contactId}
              onId={setContactId}
            />
            <Checkbox
              label={t('lead.withDeal')}
              checked={hasDeal}
              onChange={(event) => setHasDeal(event.currentTarget.checked)}
            />
            {hasDeal ? (
              <TextInput
                label={t('lead.dealName')}
                data-autofocus
                value={dealName}
                onChange={(event) => setDealName(event.currentTarget.value)}
                required
              />
            ) : null}
            {custom.fields}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={!isComplete}>
                {t('lead.convert')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

function TargetChoice(props: {
  readonly entity: 'account' | 'contact';
  readonly newName: string;
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
  readonly id: string | null;
  readonly onId: (id: string | null) => void;
}) {
  const { t } = useTranslation();
  const label = t(`entities.${props.entity}.one`);
  return (
    <Stack gap={6}>
      <Text size="sm" fw={540}>
        {label}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={props.mode}
        onChange={props.onMode}
        data={[
          {
            value: 'new',
            label: props.newName === '' ? t('lead.newUnnamed') : t('lead.new', { name: props.newName }),
            disabled: props.newName === '',
          },
          { value: 'existing', label: t('lead.existing') },
          { value: 'none', label: t('lead.none') },
        ]}
      />
      {props.mode === 'existing' ? (
        <ReferenceInput entity={props.entity} ariaLabel={label} value={props.id} onChange={props.onId} autoFocus />
      ) : null}
    </Stack>
  );
}
