// How the organization looks: name, logo and accent, tried here in light and dark before they are kept. They are part of the record
// of the organization: saved on this computer first, offline too, and on every other one with the next pull.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandFields, brandOfDraft, draftOf, emptyDraft } from '#renderer/blocks/brand/brand-fields.tsx';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { brandOf, type Brand } from '#shared/brand/brand.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import settings from '#renderer/features/settings/settings.module.css';

export function BrandSection(props: { readonly tenantName: string }) {
  const { t } = useTranslation();
  const { record } = useOrganization();
  const kept = brandOf(record);
  return (
    <>
      <h1>{t('settings.brand.title')}</h1>
      <p className={settings.lead}>{t('settings.brand.text')}</p>
      <BrandForm key={JSON.stringify(kept)} kept={kept} tenantName={props.tenantName} />
    </>
  );
}

function BrandForm({ kept, tenantName }: { readonly kept: Brand; readonly tenantName: string }) {
  const { t } = useTranslation();
  const run = useCommand();
  const can = useCan();
  const { record, figures } = useOrganization();
  const [draft, setDraft] = useState(draftOf(kept));
  const isReadOnly = !can('create', entities.organization);
  const wanted = brandOfDraft(draft);
  useTypedForm(!isReadOnly && !isJsonEqual(kept, wanted));

  function save(): void {
    if (wanted === null) return;
    const values = { brandName: wanted.name, brandLogo: wanted.logo, brandAccent: wanted.accent };
    const done = { done: t('settings.saved') };
    if (record === null) {
      const whole = { currency: figures.currency, ...values };
      void run('createRecord', { entity: 'organization', id: ORGANIZATION_ID, values: whole }, done);
    } else void run('updateRecord', { entity: 'organization', id: ORGANIZATION_ID, values }, done);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <BrandFields draft={draft} usualName={tenantName} isReadOnly={isReadOnly} onChange={setDraft} />
      <Group gap="sm">
        <Button type="submit" disabled={isReadOnly || wanted === null || isJsonEqual(kept, wanted)}>
          {t('common.save')}
        </Button>
        {isReadOnly || isJsonEqual(draft, emptyDraft) ? null : (
          <Button variant="subtle" color="gray" onClick={() => setDraft(emptyDraft)}>
            {t('settings.brand.reset')}
          </Button>
        )}
      </Group>
    </form>
  );
}
