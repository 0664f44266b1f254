import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { CreateFormProps } from '#renderer/blocks/create-form-props.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { entities } from '#shared/entities/registry.ts';

// The forms bring calendars and rich inputs along: they are loaded when the first dialog opens, not at start.
const CreateRecordForm = lazy(async () => ({
  default: (await import('#renderer/blocks/create-record-form.tsx')).CreateRecordForm,
}));
const LogActivityForm = lazy(async () => ({
  default: (await import('#renderer/blocks/log-activity-form.tsx')).LogActivityForm,
}));

/** A short form for a new record of any entity. What happened with a customer is logged, everything else is created. */
export function CreateRecordDialog(
  props: Omit<CreateFormProps, 'onCancel' | 'onTyped'> & { readonly isOpen: boolean },
) {
  const { t } = useTranslation();
  const names = useNames();
  const [isTyped, setTyped] = useState(false);
  const isActivity = props.entity === 'activity';
  const title = isActivity
    ? t('record.logActivity')
    : t(`create.titles.${props.entity}`, {
        defaultValue: t('create.title', { entity: names.entity(entities[props.entity]) }),
      });
  return (
    <FormDialog isOpen={props.isOpen} isTyped={isTyped} onClose={props.onClose} title={title}>
      {(cancel) => (
        <Suspense fallback={<div style={{ minHeight: 260 }} />}>
          {!props.isOpen ? null : isActivity ? (
            <LogActivityForm {...props} onCancel={cancel} onTyped={setTyped} />
          ) : (
            <CreateRecordForm {...props} onCancel={cancel} onTyped={setTyped} key={props.entity} />
          )}
        </Suspense>
      )}
    </FormDialog>
  );
}
