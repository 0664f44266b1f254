// The fields an organization defines itself: for one kind of records, which there are, in their order, and what each is. A
// field is archived instead of deleted, and says how much was entered into it before.
import { Button, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ArchivedFields } from '#renderer/features/settings/custom-fields/archived-fields.tsx';
import { CustomFieldDialog } from '#renderer/features/settings/custom-fields/custom-field-dialog.tsx';
import { CustomFieldRows } from '#renderer/features/settings/custom-fields/custom-field-rows.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { customizableEntities, type CustomizableEntity } from '#shared/entities/custom-field/custom-slots.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from '../settings.module.css';

const MOST = 1000;

export function CustomFieldsSection() {
  const { t } = useTranslation();
  const names = useNames();
  const mayChange = useCan()('create', entities.customField);
  const [entity, setEntity] = useState<CustomizableEntity>('deal');
  const [edited, setEdited] = useState<LocalRecord | 'new' | null>(null);
  const { data } = useLive('list', {
    entity: 'customField',
    filter: { field: 'entity', op: 'eq', value: entity },
    sort: [{ field: 'place', direction: 'asc' }],
    offset: 0,
    limit: MOST,
  });
  const records = data?.rows ?? [];
  const shown = records.filter((record) => record['isArchived'] !== true);
  return (
    <>
      <h1>{t('settings.customFields.title')}</h1>
      <p className={classes.lead}>{t('customFields.text')}</p>
      <div className={classes.toolbar}>
        <Select
          size="xs"
          w={170}
          aria-label={t('settings.fields.records')}
          allowDeselect={false}
          data={customizableEntities.map((value) => ({ value, label: names.entities(entities[value]) }))}
          value={entity}
          onChange={(value) => {
            if (value !== null) setEntity(value);
          }}
        />
        {mayChange ? (
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setEdited('new')}>
            {t('customFields.new')}
          </Button>
        ) : null}
      </div>
      {data !== undefined && shown.length === 0 ? <p className={classes.note}>{t('customFields.none')}</p> : null}
      {shown.length === 0 ? null : (
        <CustomFieldRows entity={entity} records={shown} mayChange={mayChange} onEdit={setEdited} />
      )}
      <ArchivedFields
        entity={entity}
        records={records.filter((record) => record['isArchived'] === true)}
        mayChange={mayChange}
      />
      {edited === null ? null : (
        <CustomFieldDialog
          key={edited === 'new' ? 'new' : edited.id}
          entity={entity}
          record={edited === 'new' ? null : edited}
          others={records}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
